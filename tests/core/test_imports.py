"""Any form takes Excel in: dry run, report, drafts that their person completes and hands in."""

import re
from datetime import date, datetime, time
from pathlib import Path

import pytest

from core.imports import entering
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.importing import (
    AT,
    LABELS,
    NOTED,
    NOTES,
    TRAY,
    _visits,
    blank_of,
    cases,
    drafts,
    row,
)
from tests.core.reading import saved
from tests.core.workbooks_made import content_of, filled, made, pressed, uploaded
from tests.pages import fictional_phone, hidden, identity, send


def test_the_blank_asks_what_a_cell_can_answer_and_says_what_it_leaves_out(house: House) -> None:
    client = house.client(OFFICERS["school"])
    [sheet, accepted], name = saved(client, f"{AT}blank.xlsx")
    assert name == "志愿者登记.xlsx"
    labels = [cell.value for cell in sheet[4]]
    assert labels[:4] == ["您是", "姓名", "身份证号", "手机号"]
    assert not {"同意从业查询", "请在这里签名", "教师资格证", "年龄"} & set(labels)
    assert "同意从业查询" in sheet["A2"].value
    assert "教师资格证" in sheet["A2"].value
    assert "年龄" not in sheet["A2"].value
    assert sheet.row_dimensions[3].hidden
    assert sheet["A5"].value.startswith("填法：必填")
    assert [cell.value for cell in accepted["A"]][:3] == ["您是", "退休教师", "家长"]
    assert "青禾县禾溪第一小学" in [cell.value for row in accepted.rows for cell in row]
    rules = sheet.data_validations.dataValidation
    assert {str(rule.sqref).split(":")[0] for rule in rules} >= {"A6"}


def test_the_hints_of_the_blank_are_never_taken_in(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, blank_of(client))
    assert page.status_code == 422
    assert "标题行下面没有填内容" in page.text


def test_a_row_becomes_its_persons_draft_once_the_officer_confirms(house: House) -> None:
    client, phone = house.client(OFFICERS["school"]), fictional_phone(1)
    told = dict(zip(LABELS, row(1), strict=True))
    page = uploaded(client, AT, filled(blank_of(client), told))
    assert page.status_code == 200
    assert "1 行可以导入" in page.text
    assert not drafts(house)
    assert not house.letters.sent
    done = pressed(client, page, "confirm")
    house.later.run()
    assert "已导入 1 行" in done.text
    [draft] = drafts(house)
    assert draft.holder == house.person(phone).holder
    assert draft.answers["specialties"] == ["sports", "reading"]
    assert draft.answers["preferred_school"] == "hexi-1"
    assert "query_consent" not in draft.answers
    [letter] = house.letters.to(phone)
    assert "青禾县禾溪第一小学" in letter
    assert house.person("school").name in letter
    assert "志愿者登记" in letter
    assert "http://localhost/my/" in letter
    assert not cases(house)


def test_the_person_completes_the_consents_and_hands_it_in(house: House) -> None:
    client, phone = house.client(OFFICERS["school"]), fictional_phone(1)
    pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    person = house.client(phone)
    [link] = re.findall(r'href="(/hexi-1/volunteers/draft/\d+/)"', person.get("/my/").text)
    page = person.get(link)
    assert "替您填的" in page.text
    assert house.person("school").name in page.text
    assert house.client(OFFICERS["school"]).get(link).status_code == 404
    assert house.client().get(link).status_code == 404
    page = send(
        person, page, {"kind": "parent", "name": "测试1", "id_number": identity(1), "phone": phone}
    )
    page = send(
        person,
        page,
        {
            "specialties": ["reading"],
            "times": ["friday"],
            "preferred_school": "hexi-1",
            "about": "",
        },
    )
    sent = {"signature": "测试1", "query_consent": "true", "action": "submit"}
    answer = send(person, page, sent)
    case = house.office.cases.get(case_id_of(answer))
    assert case is not None
    assert case.answers["query_consent"] is True
    [begun] = house.office.cases.events(case)
    assert begun["by"] == "applicant"
    again = uploaded(client, AT, made(LABELS, row(1)))
    assert "以前导入过" in again.text


def test_what_was_handed_in_meanwhile_is_not_drafted_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A case that came between what was read and the commit stands; the control takes it away."""
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1)))
    imported = house.office.imports.get(page.request.path.rstrip("/").rpartition("/")[2])
    assert imported is not None
    held = house.office.imports.held(imported)
    assert held is not None
    case = house.submit(2, held.rows[0].number)
    monkeypatch.setattr(entering.Entering, "_stands", lambda *_: False)
    page = pressed(client, page, "confirm")
    assert "没有再导入" in page.text
    assert not drafts(house)
    assert house.now(case).v == case.v


def test_every_cell_that_is_wrong_is_named_in_words(house: House) -> None:
    client = house.client(OFFICERS["school"])
    bad = [
        row(1, id=110101199003070000),
        row(2, id="1.10101E+17"),
        row(3, kind="校长"),
        row(4, phone=None),
        row(5, specialties="阅读、飞行"),
        row(6, id="149999195001020000"),
        row(7, name="=1+1"),
        row(8, times=None),
        row(9, phone=13812345678.0),
    ]
    page = uploaded(client, AT, made(LABELS, *bad, row(10)))
    assert "2 行可以导入，8 行要改" in page.text
    for said in (
        "C2 身份证号：Excel 把它当成数字",
        "C3 身份证号：Excel 把它当成数字",
        "A4 您是：没有“校长”这个选项",
        "D5 手机号：",
        "E6 您的特长：没有“飞行”这个选项",
        "C7 身份证号：",
        "B8 姓名：这一格是公式",
        "F9 哪几天方便：",
    ):
        assert said in page.text, said
    assert "第 10 行" in page.text
    pressed(client, page, "confirm")
    assert len(drafts(house)) == 2
    assert {"13812345678", fictional_phone(10)} == {d.answers["phone"] for d in drafts(house)}


def test_the_rows_to_be_mended_come_back_with_the_reasons_and_can_be_sent_again(
    house: House,
) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1), row(2, kind="校长", name="=危险")))
    link = f"{page.request.path}problems.xlsx"
    [sheet, _], _ = saved(client, link)
    labels = [cell.value for cell in sheet[4]]
    assert labels[:3] == ["原来第几行", "哪里不对", "您是"]
    told = [cell.value for cell in sheet[6]]
    assert told[0] == 3
    assert "没有“校长”这个选项" in told[1]
    sheet["C6"].value, sheet["D6"].value = "家长", "测试2"
    again = uploaded(client, AT, content_of(sheet.parent))
    assert "1 行可以导入" in again.text
    assert "没有用到的列" not in again.text


def test_the_same_row_is_never_entered_twice(house: House) -> None:
    client = house.client(OFFICERS["school"])
    twice = made(LABELS, row(1), row(1), row(2, id=identity(1)), row(3))
    page = uploaded(client, AT, twice)
    assert "和第 2 行一模一样" in page.text
    assert "C4 身份证号：和第 2 行填的一样" in page.text
    pressed(client, page, "confirm")
    assert len(drafts(house)) == 2
    again = uploaded(client, AT, made(LABELS, row(3), row(4)))
    assert "1 行可以导入" in again.text
    assert "以前导入过" in again.text
    pressed(client, again, "confirm")
    assert len(drafts(house)) == 3


def test_who_is_registered_already_is_said_before_and_passed_over(house: House) -> None:
    case = house.submit(1, place="hexi-1")
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1, name="另写一个"), row(2)))
    assert "1 行可以导入" in page.text
    assert "有 1 行是已登记过的人，会跳过" in page.text
    assert "这个人已登记过，这一行跳过" in page.text
    assert f"/hexi-1/case/{case.id}/" in page.text
    page = pressed(client, page, "confirm")
    house.later.run()
    assert [each.answers["name"] for each in drafts(house)] == ["测试2"]
    assert house.letters.to(fictional_phone(1)) == []


def test_another_offices_registration_is_not_shown_to_who_may_not_see_it(house: House) -> None:
    case = house.submit(1, place="hexi-1")
    page = uploaded(
        house.client(OFFICERS["other_school"]),
        "/no2/volunteers/import/",
        made(LABELS, row(1, name="另写一个", phone=fictional_phone(5), school="青禾县第二中学")),
    )
    assert "1 行可以导入" in page.text
    for told in (case.id, "测试1", fictional_phone(1), "禾溪第一小学", "待核验", "登记过"):
        assert told not in page.text


def test_who_registers_between_the_dry_run_and_the_confirming_is_passed_over(
    house: House,
) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1), row(2)))
    house.submit(1, place="hexi-1")
    page = pressed(client, page, "confirm")
    assert "这个人已登记过，这一行没有导入" in page.text
    assert [each.answers["name"] for each in drafts(house)] == ["测试2"]


def test_a_phone_written_otherwise_is_the_same_row(house: House) -> None:
    client = house.client(OFFICERS["school"])
    pressed(client, uploaded(client, AT, made(LABELS, row(1, phone="13812345678"))), "confirm")
    page = uploaded(client, AT, made(LABELS, row(1, phone="138-1234-5678")))
    assert "以前导入过" in page.text


def test_long_work_goes_on_in_rounds_and_can_be_taken_up_again(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(entering, "AT_ONCE", 2)
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, *(row(n) for n in range(1, 6))))
    page = pressed(client, page, "confirm")
    assert "正在导入，还有 3 行" in page.text
    assert "data-onward" in page.text
    assert len(drafts(house)) == 2
    page = client.get(page.request.path)  # closed meanwhile, opened again
    for left in (1, 0):
        page = pressed(client, page, "confirm")
        assert ("还有 1 行" in page.text) == (left == 1)
    assert "已导入 5 行" in page.text
    assert len(drafts(house)) == 5
    pressed(client, page, "confirm")
    assert len(drafts(house)) == 5
    house.later.run()
    assert len(house.letters.sent) == 5


def test_what_nobody_has_touched_can_be_withdrawn_together(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1), row(2), row(3)))
    page = pressed(client, page, "confirm")
    touched = next(d for d in drafts(house) if d.answers["name"] == "测试2")
    person = house.client(fictional_phone(2))
    send(
        person,
        person.get(f"/hexi-1/volunteers/draft/{touched.id}/"),
        {"kind": "parent", "name": "测试二", "id_number": identity(2), "phone": fictional_phone(2)},
    )
    page = pressed(client, page, "withdraw")
    assert "已撤回 2 行" in page.text
    assert "本人已经接手" in page.text
    assert [d.answers["name"] for d in drafts(house)] == ["测试二"]
    again = uploaded(client, AT, made(LABELS, row(1)))
    assert "1 行可以导入" in again.text
    house.later.run()
    assert house.letters.to(fictional_phone(3)) == []


def test_a_report_is_read_with_two_reads_and_a_query(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, *(row(n) for n in range(1, 30))))
    pressed(client, page, "confirm")
    with house.store.expect(get=2, query=1):
        assert client.get(page.request.path).status_code == 200


def test_a_round_is_read_at_once_and_commits_row_by_row(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, *(row(n) for n in range(1, 30))))
    token = hidden(page.text)["csrf_token"]
    with house.store.expect(get=3, query=1, commit=1 + entering.AT_ONCE):
        client.post(f"{page.request.path}confirm", data={"csrf_token": token})


def test_the_desk_leads_to_it(house: House) -> None:
    page = house.client(OFFICERS["school"]).get(TRAY).text
    assert f'href="{AT}"' in page


def test_columns_that_are_none_are_named_with_what_was_meant(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made([*LABELS, "备注", "简单说说您的经力"], [*row(1), "x", "y"]))
    assert "备注" in page.text
    assert "是不是“简单说说您的经历”" in page.text


def test_a_column_that_was_left_out_is_left_to_the_person(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS[:-1], row(1)[:-1]))
    assert "1 行可以导入" in page.text
    without = [*LABELS[:3], *LABELS[4:]]
    page = uploaded(client, AT, made(without, [*row(1)[:3], *row(1)[4:]]))
    assert page.status_code == 422
    assert "没有手机号这一列" in page.text


def test_more_than_five_hundred_rows_are_refused(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, *(row(n) for n in range(501))))
    assert page.status_code == 422
    assert "一次最多 500 行" in page.text


def test_excels_own_dates_and_times_are_read(make_house: MakeHouse, tmp_path: Path) -> None:
    house = _visits(make_house, tmp_path)
    client = house.client(OFFICERS["school"])
    told = [
        date(2026, 12, 1),
        time(16, 30),
        datetime(2026, 12, 1, 9, 5),  # noqa: DTZ001 — Excel knows no zones
        "2026-12-01 至 2026-12-03",
        "是",
        3.5,
        "禾溪镇 东街1号",
        "00000000112",
    ]
    page = uploaded(client, NOTES, made(NOTED, told))
    assert "1 行可以导入" in page.text, page.text
    pressed(client, page, "confirm")
    [draft] = drafts(house)
    assert draft.answers["day"] == "2026-12-01"
    assert draft.answers["starts"] == "16:30"
    assert draft.answers["met"].startswith("2026-12-01T09:05")
    assert draft.answers["between"] == {"from": "2026-12-01", "to": "2026-12-03"}
    assert draft.answers["good"] is True
    assert draft.answers["cost"] == "3.50"
    assert draft.answers["home"] == {"region": ["hexi-zhen"], "detail": "东街1号"}
