"""Any form takes Excel in: dry run, report, drafts that their person completes and hands in."""

import re
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient

from core.imports import entering, telling
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, everything
from tests.core.plugin_folder import write
from tests.core.reading import saved
from tests.core.workbooks_made import content_of, filled, made, pressed, uploaded
from tests.pages import fictional_phone, hidden, identity, send

AT = "/hexi-1/volunteers/import/"
PHONE = fictional_phone(77)
TRAY = "/desk/?tray=D%23hexi-1%23school_officer%23volunteers"
LABELS = ["您是", "姓名", "身份证号", "手机号", "您的特长", "哪几天方便", "最想去的学校"]


def row(n: int, **other: Any) -> list[Any]:
    told = {
        "kind": "家长",
        "name": f"测试{n}",
        "id": identity(n),
        "phone": fictional_phone(n),
        "specialties": "阅读、体育",
        "times": "周五",
        "school": "青禾县禾溪第一小学",
    }
    return list({**told, **other}.values())


def blank_of(client: FlaskClient, path: str = AT) -> bytes:
    return client.get(f"{path}blank.xlsx").data


def drafts(house: House) -> list[Any]:
    items = (each for each in everything(house, "C#") if each["sk"] == "D")
    return [each for each in map(house.office.drafts.of_item, items) if each]


def cases(house: House) -> list[Any]:
    return [each for each in everything(house, "C#") if each["sk"] == "H"]


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


def test_who_cannot_be_told_now_is_told_by_the_tick(house: House) -> None:
    client = house.client(OFFICERS["school"])
    house.letters.down = True
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    house.later.run()
    assert "正在发短信" in client.get(page.request.path).text
    house.letters.down = False
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert len(house.letters.to(fictional_phone(1))) == 1
    house.clock.move(hours=2)
    house.office.ticks.tick()
    assert len(house.letters.to(fictional_phone(1))) == 1
    assert "短信已发" in client.get(page.request.path).text


def test_a_timer_that_rings_again_asks_for_no_second_message(house: House) -> None:
    client = house.client(OFFICERS["school"])
    pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    [timer] = [each for each in everything(house, "T#") if each.get("name") == entering.TOLD]
    for told in (True, False):
        assert house.office.telling.ring(timer["case"], (timer["pk"], timer["sk"])) == told
    assert house.letters.asked == 1


def test_a_line_that_stays_down_is_given_up_in_sight(house: House) -> None:
    client = house.client(OFFICERS["school"])
    house.letters.down = True
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1))), "confirm")
    for _ in range(4):
        house.clock.move(days=1)
        house.office.ticks.tick()
        house.office.ticks.release()
    asked = house.letters.asked
    house.clock.move(days=1)
    house.office.ticks.tick()
    assert house.letters.asked == asked
    client = house.client(OFFICERS["school"])
    assert "请打电话告诉本人" in client.get(page.request.path).text


def test_nothing_personal_stands_open_and_the_rows_go_after_a_week(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1), row(2, kind="校长")))
    kept = [each for each in (house.folder / "files").rglob("*") if each.is_file()]
    assert len(kept) == 1
    assert identity(1).encode() not in kept[0].read_bytes()
    for item in everything(house, "I#"):
        assert identity(1) not in str(item)
        assert "测试1" not in str(item)
        assert "名单" not in str(item)
    house.clock.move(days=7, hours=1)
    house.office.ticks.tick()
    assert not [each for each in (house.folder / "files").rglob("*") if each.is_file()]
    client = house.client(OFFICERS["school"])
    assert "上传的内容只留 7 天" in client.get(page.request.path).text
    house.office.ticks.release()
    house.clock.move(days=24)
    house.office.ticks.tick()
    assert not everything(house, "I#")


@pytest.mark.parametrize("who", ["other_school", "other_county", "00000000112"])
def test_nobody_else_comes_near_it(house: House, who: str) -> None:
    page = uploaded(house.client(OFFICERS["school"]), AT, made(LABELS, row(1)))
    other = house.client(OFFICERS.get(who, who))
    for path in (AT, f"{AT}blank.xlsx", page.request.path, f"{page.request.path}problems.xlsx"):
        assert other.get(path).status_code == 404, path
    assert house.client().get(AT).location.startswith("/sign-in/")
    county = house.client(OFFICERS["county"])
    assert county.get(AT).status_code == 200
    assert county.get(page.request.path).status_code == 404


def test_who_lost_the_role_confirms_nothing(house: House) -> None:
    client = house.client(OFFICERS["school"])
    page = uploaded(client, AT, made(LABELS, row(1)))
    person = house.person("school")
    house.office.people.take(person.id, person.roles[0])
    token = hidden(page.text)["csrf_token"]
    for act in ("confirm", "withdraw", "discard"):
        answer = client.post(f"{page.request.path}{act}", data={"csrf_token": token})
        assert answer.status_code == 404, act
    assert not drafts(house)
    assert everything(house, "I#")


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


NOTES = "/hexi-1/notes/import/"
NOTED = ["哪天", "几点", "见面", "期间", "好不好", "多少钱", "住址", "手机号"]
_FORM = """
id: suggestion
title: 记录
pages:
  - fields:
      - {name: day, type: date, label: 哪天}
      - {name: starts, type: time, label: 几点}
      - {name: met, type: datetime, label: 见面}
      - {name: between, type: date_range, label: 期间}
      - {name: good, type: yes_no, label: 好不好}
      - {name: cost, type: money, label: 多少钱}
      - {name: home, type: address, label: 住址}
      - {name: school, type: choice, label: 哪所学校, choices_from: places.schools}
      - {name: about, type: choice, label: 关于, choices: [{value: other, label: 其他}]}
      - {name: agreed, type: consent, label: 同意, required: true}
      - {name: phone, type: phone, label: 手机号, privacy: {class: contact}}
"""


def _visits(make_house: MakeHouse, tmp_path: Path) -> House:
    more = write(tmp_path / "more", "notes", forms__suggestion=_FORM)
    house = make_house(folders=[BUNDLED, more])
    house.office.places.switch("hexi-zhen", "notes", "on", "某人", "2026")
    return house


def test_a_phone_gets_two_such_messages_a_day_and_no_more(house: House) -> None:
    client = house.client(OFFICERS["school"])
    for n in range(1, 5):
        pressed(client, uploaded(client, AT, made(LABELS, row(n, phone=PHONE))), "confirm")
        house.later.run()
    assert len(house.letters.to(PHONE)) == 2
    assert len(drafts(house)) == 4
    house.clock.move(days=1)
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(9, phone=PHONE))), "confirm")
    house.later.run()
    assert len(house.letters.to(PHONE)) == 3
    assert "短信已发" in client.get(page.request.path).text


def test_an_officer_sends_so_many_a_day_and_the_page_says_who_was_not_told(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(telling, "AN_OFFICER", 1)
    client = house.client(OFFICERS["school"])
    page = pressed(client, uploaded(client, AT, made(LABELS, row(1), row(2))), "confirm")
    house.later.run()
    told = client.get(page.request.path).text
    assert told.count("短信已发") == 1
    assert told.count("今天的短信发满了") == 1
