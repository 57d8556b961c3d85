"""Keeping figures by hand: who may, what is refused, how they are compared and opened."""

import re
from datetime import datetime
from typing import Any

import pytest

from core.moments import CHINA
from core.store import Change
from core.web import kept_figure
from tests.core.house import OFFICERS, House
from tests.core.reading import rows_of, saved
from tests.core.statistics.asked import FLOW, SERVICE, ask, count
from tests.core.statistics.keepers import KEPT, cells, keep, pressed
from tests.core.test_figures import bars
from tests.pages import hidden, words_of

FIGURES = KEPT.removesuffix("kept/")


@pytest.fixture
def lived(house: House) -> House:
    """Return a county with six requests of two schools, one of them refused."""
    cases = [ask(house, n, kind="merit" if n else "hardship") for n in range(5)]
    ask(house, 9, "liuting-zhen")
    house.do(cases[0], "reject", "school", comment="不符")
    house.clock.move(minutes=11)
    count(house)
    return house


def test_the_figures_lead_there_and_an_empty_list_says_what_to_do(house: House) -> None:
    client = house.client(OFFICERS["county"])
    assert f'href="{KEPT}"' in client.get(FIGURES).text
    page = client.get(KEPT)
    assert page.status_code == 200
    assert "这里还没有定格过。写个标题、选个日期" in page.text
    assert "只能选今天，或以前某个月的最后一天" in page.text


def test_pressed_it_stands_with_title_day_and_name(lived: House) -> None:
    answer = pressed(lived, title="2026年秋季学期期中")
    assert answer.status_code == 303
    assert re.fullmatch(rf"{KEPT}[0-9a-f]{{16}}/", answer.location)
    client = lived.client(OFFICERS["county"])
    page = words_of(client.get(answer.location).text)
    for said in (
        "2026年秋季学期期中",
        "截至2026年11月23日 10:11",
        "林静于11月23日",
        "和定格时一样",
    ):
        assert said in page
    listed = words_of(client.get(KEPT).text)
    assert "2026年秋季学期期中" in listed
    assert "林静于" in listed


def test_only_today_and_the_ends_of_past_months_are_offered(house: House) -> None:
    ask(house, 1)
    house.clock.at = datetime(2027, 1, 3, tzinfo=CHINA)
    count(house)
    page = house.client(OFFICERS["county"]).get(KEPT).text
    assert re.findall(r'<option value="([\w-]+)"', page) == ["today", "2026-12", "2026-11"]
    assert "2026年12月31日" in page
    kept = house.client(OFFICERS["county"]).get(pressed(house, as_of="2026-11").location)
    assert "截至2026年11月30日" in kept.text


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"title": ""}, "请写一个标题"),
        ({"title": "长" * 61}, "最多 60 个字"),
        ({"as_of": "2026-12"}, "只能定格今天，或以前某个月的月底"),
        ({"as_of": "2026-11-15"}, "只能定格今天"),
        ({"as_of": "2020-01"}, "只能定格今天"),
        ({"id": "x"}, "请刷新这一页"),
        ({"former": "0" * 16}, "要更正的那一份不在这里"),
        ({"former": "a#withdrawn"}, "要更正的那一份不在这里"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_typed_is_lost(
    lived: House, given: dict[str, str], said: str
) -> None:
    answer = pressed(lived, **{"title": "期中", **given})
    assert answer.status_code == 422
    assert said in answer.text
    if given.get("title") is None:
        assert 'value="期中"' in answer.text
    assert not lived.office.keeping.all_of("qinghe", SERVICE, "qinghe")


def test_pressed_twice_it_is_kept_once(lived: House) -> None:
    client = lived.client(OFFICERS["county"])
    sent = {**hidden(client.get(KEPT).text), "title": "期中", "as_of": "today"}
    places = {client.post(KEPT, data=sent).location for _ in range(2)}
    assert len(places) == 1
    assert client.get(KEPT).text.count("row-link") == 1


def test_schools_are_compared_with_bars_and_the_whole_beneath(lived: House) -> None:
    path = f"{KEPT}{keep(lived).id}/"
    page = lived.client(OFFICERS["county"]).get(f"{path}?what=finished&of=all").text
    rows = {row[0]: row[1:] for row in cells(page)}
    assert rows["青禾县禾溪第一小学"] == ["1", "5", "20.0%"]
    assert rows["青禾县柳汀镇中心小学"] == ["0", "1", "0.0%"]
    assert rows["青禾县松岚寄宿制初级中学"] == ["0", "0", "—"]
    assert cells(page)[-1] == ["青禾县", "1", "6", "16.7%"]
    drawn = {name: (words, lengths) for name, words, lengths in bars(page, 0)}
    assert drawn["青禾县禾溪第一小学"] == (["20.0%"], [20.0])
    assert len(drawn) == len(cells(page)) - 1
    districts = lived.client(OFFICERS["county"]).get(f"{path}?what=all&of=pupils&level=districts")
    assert [row[0] for row in cells(districts.text)] == ["禾溪镇", "柳汀镇", "松岚乡", "青禾县"]
    assert cells(districts.text)[1] == ["柳汀镇", "1", "539", "0.2"]


def test_rows_are_sorted_by_a_column_with_their_own_links(lived: House) -> None:
    path = f"{KEPT}{keep(lived).id}/?what=all&of=all&sort=-0.1"
    page = lived.client(OFFICERS["county"]).get(path).text
    assert [row[1] for row in cells(page)][:2] == ["5", "1"]
    assert re.search(r"禾溪第一小学</th>.*?/cases/hexi-1/", page, re.DOTALL)
    assert page.index("/cases/hexi-1/") < page.index("/cases/liuting/")


def test_fewer_than_five_answers_are_not_shown_nor_opened(lived: House) -> None:
    kept = keep(lived)
    client = lived.client(OFFICERS["county"])
    page = client.get(f"{KEPT}{kept.id}/?what=answer:kind:hardship&of=all").text
    rows = {row[0]: row[1:] for row in cells(page)}
    assert rows["青禾县禾溪第一小学"] == ["1", "5", "20.0%"]
    assert rows["青禾县柳汀镇中心小学"] == ["—", "1", "—"]
    path = f"{KEPT}{kept.id}/cases/liuting/?what=answer:kind:hardship"
    assert client.get(path).status_code == 404
    sheets, _ = saved(client, f"{KEPT}{kept.id}/table.xlsx?what=answer:kind:hardship")
    told = {row[0]: row[1] for row in rows_of(sheets[0])}
    assert told["青禾县柳汀镇中心小学"] is None


def test_it_stays_as_it_was_when_cases_move_on(lived: House) -> None:
    path = f"{KEPT}{keep(lived).id}/?what=state:waiting&of=all"
    client = lived.client(OFFICERS["county"])
    before = cells(client.get(path).text)
    for case in [ask(lived, 20), ask(lived, 21)]:
        lived.do(case, "forward", "school")
    lived.clock.move(days=1)
    count(lived)
    client = lived.client(OFFICERS["county"])
    assert cells(client.get(path).text) == before
    assert cells(client.get(f"{KEPT}{keep(lived).id}/?what=all").text) != before


def test_a_number_opens_down_to_its_cases_as_they_were_and_are(lived: House) -> None:
    kept = keep(lived)
    lived.clock.move(minutes=1)
    open_ones = [each for each in _cases(lived) if each.state == "waiting"]
    lived.do(next(each for each in open_ones if "hexi-1" in each.reach), "forward", "school")
    client = lived.client(OFFICERS["county"])
    page = client.get(f"{KEPT}{kept.id}/cases/hexi-1/?what=state:waiting").text
    listed = re.findall(r"/case/(\d{16})/", page)
    assert len(set(listed)) == 4
    assert words_of(page).count("待学校初审") == 4 + 2, "and in both headings"
    assert words_of(page).count("现在：待评审") == 1
    assert "对上" not in page


def _cases(house: House) -> list[Any]:
    found = house.office.publishing.cases(house.office.places.get("qinghe"), SERVICE)
    return [house.office.cases.get(each["id"]) for each in found]


def test_cases_that_somebody_may_not_open_are_counted_and_not_listed(
    lived: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A role may read a service's figures and have nothing to do with some of its workflows."""
    path = f"{KEPT}{keep(lived).id}/cases/hexi-1/?what=all"
    client = lived.client(OFFICERS["county"])
    assert len(set(re.findall(r"/case/(\d{16})/", client.get(path).text))) == 5
    monkeypatch.setattr(kept_figure, "is_officer_of", lambda case: case.state == "rejected")
    page = client.get(path).text
    assert len(set(re.findall(r"/case/(\d{16})/", page))) == 1
    assert "其中 4 件不归您办理" in page


@pytest.mark.parametrize("who", ["other_county", "school", "other_school", "00000000112"])
def test_whoever_may_not_read_the_figures_finds_nothing(lived: House, who: str) -> None:
    kept = keep(lived)
    client = lived.client(OFFICERS.get(who, who))
    for path in ("", f"{kept.id}/", f"{kept.id}/table.xlsx", f"{kept.id}/cases/hexi-1/?what=all"):
        assert client.get(KEPT + path).status_code == 404, path
    assert client.post(KEPT).status_code in (400, 403)


def test_what_another_place_keeps_is_not_here(lived: House) -> None:
    kept = keep(lived)
    client = lived.client(OFFICERS["county"])
    assert client.get(f"/hexi-zhen/{SERVICE}/figures/kept/{kept.id}/").status_code == 404
    assert client.get(f"/qinghe/volunteers/figures/kept/{kept.id}/").status_code == 404
    assert client.get(f"{KEPT}{'0' * 16}/").status_code == 404
    assert client.get(f"{KEPT}x/").status_code == 404
    assert client.get(f"{KEPT}{kept.id}/cases/nowhere/?what=all").status_code == 404
    assert client.get(f"/yunhe/{SERVICE}/figures/kept/").status_code == 404


def test_a_school_reads_its_own_and_keeps_none(lived: House) -> None:
    keep(lived, place="hexi-1")
    path = f"/hexi-1/{SERVICE}/figures/kept/"
    client = lived.client(OFFICERS["school"])
    page = client.get(path)
    assert page.status_code == 200
    assert "f-title" not in page.text
    token = hidden(client.get("/search/").text)["csrf_token"]
    sent = {"csrf_token": token, "title": "期中", "as_of": "today", "id": "c" * 16}
    assert client.post(path, data=sent).status_code == 403


def test_a_correction_names_what_it_corrects_and_a_withdrawal_its_reason(lived: House) -> None:
    first = keep(lived)
    second = lived.client(OFFICERS["county"]).get(
        pressed(lived, title="期中（更正）", former=first.id).location
    )
    assert "更正的是：期中" in words_of(second.text)
    client = lived.client(OFFICERS["county"])
    path = f"{KEPT}{first.id}/"
    page = client.get(path).text
    assert "后来更正为：期中（更正）" in words_of(page)
    empty = client.post(f"{path}withdraw", data={**hidden(page), "reason": " "})
    assert empty.status_code == 422
    assert "请写明为什么撤回" in empty.text
    done = client.post(f"{path}withdraw", data={**hidden(page), "reason": "漏了一所学校"})
    assert done.status_code == 303
    page = client.get(path).text
    assert "漏了一所学校" in page
    assert "已撤回" in page
    assert cells(page), "the figures are still there"
    assert "f-reason" not in page
    assert "已撤回" in client.get(KEPT).text


def test_what_was_altered_is_said_loudly(lived: House) -> None:
    kept = keep(lived)
    key = (f"KEPT#qinghe#{SERVICE}#qinghe#{kept.id}", "hexi-1")
    lived.store.commit(Change(key, set={"figures": {FLOW: {"now.waiting": 400}}}))
    client = lived.client(OFFICERS["county"])
    assert "被改动过，不能作数" in client.get(f"{KEPT}{kept.id}/").text
    sheets, _ = saved(client, f"{KEPT}{kept.id}/table.xlsx")
    assert ("核对", "和定格时不一样，被改动过") in {tuple(row) for row in rows_of(sheets[1])}


def test_two_that_were_kept_are_compared(lived: House) -> None:
    first = keep(lived)
    for case in [ask(lived, 20), ask(lived, 21)]:
        lived.do(case, "reject", "school", comment="不符")
    lived.clock.move(days=1)
    count(lived)
    second = keep(lived, title="期末")
    client = lived.client(OFFICERS["county"])
    path = f"{KEPT}{second.id}/?what=finished&of=all&with={first.id}"
    page = client.get(path).text
    rows = {row[0]: row[1:] for row in cells(page)}
    assert rows["青禾县禾溪第一小学"] == ["3", "7", "42.9%", "20.0%", "22.9"]
    assert "“上次”是：期中" in words_of(page)
    sheets, _ = saved(client, f"{KEPT}{second.id}/table.xlsx?what=finished&with={first.id}")
    [row] = [each for each in rows_of(sheets[0]) if each[0] == "青禾县禾溪第一小学"]
    assert [round(float(each), 4) for each in row[1:]] == [3, 7, 0.4286, 0.2, 22.9]


def test_a_page_is_one_read_more_and_two_queries(lived: House) -> None:
    kept = keep(lived)
    client = lived.client(OFFICERS["county"])
    client.get(f"{KEPT}{kept.id}/")
    with lived.store.expect(get=2, query=2):
        client.get(f"{KEPT}{kept.id}/")
    with lived.store.expect(get=1, query=2):
        client.get(KEPT)


def test_when_as_many_are_kept_as_may_be_the_page_says_so(
    lived: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("core.statistics.keeping.MOST", 2)
    monkeypatch.setattr("core.web.kept_figures.MOST", 2)
    first = keep(lived)
    answer = pressed(lived)
    assert answer.status_code == 303
    refused = pressed(lived, title="第三份")
    assert refused.status_code == 422
    assert "这里已经定格了 2 份" in refused.text
    assert 'value="第三份"' in refused.text
    assert len(lived.office.keeping.all_of("qinghe", SERVICE, "qinghe")) == 2
    again = pressed(lived, id=first.id)
    assert again.status_code == 303, "what is kept is not refused when it is sent again"
    assert keep(lived, place="hexi-1"), "another place has its own"
