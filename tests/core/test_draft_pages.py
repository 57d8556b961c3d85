"""A form on the way: saved at every page and as it is typed, resumed, moved on, thrown away."""

import io
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from core.store import Busy, Store, Write
from core.web.app import BUNDLED
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of, everything, last_page
from tests.core.plugin_folder import suggest, write
from tests.pages import FORM, PLACE, SERVICE, answers, fictional_phone, hidden, send, sent_back

ME = fictional_phone(1)


def begun(client: FlaskClient, n: int = 1) -> TestResponse:
    """Fill in the first page and return the second."""
    page: TestResponse = send(client, client.get(FORM), answers(n)[0])
    return page


def typed(client: FlaskClient, page: TestResponse, **given: Any) -> TestResponse:
    """Save a page as it is typed, as the browser does by itself."""
    sent = {**hidden(page.text), **given, "action": "save"}
    return client.post(page.request.path, data=sent)


def test_every_page_answers_a_get_so_that_back_shows_it_as_it_was(house: House) -> None:
    client = house.client()
    second = begun(client)
    assert second.request.method == "GET"
    first = client.get(second.request.path + "?page=0")
    assert 'value="测试1"' in first.text
    again = send(client, first, {**answers(1)[0], "name": "测试一"})
    assert 'value="测试一"' in client.get(again.request.path + "?page=0").text


def test_a_page_with_problems_is_a_page_to_go_back_to_as_well(house: House) -> None:
    client = house.client()
    page = send(client, client.get(FORM), {**answers(1)[0], "id_number": "149999195803151018"})
    assert page.request.method == "GET"
    assert "最后一位与前 17 位对不上" in sent_back(page)
    assert 'value="测试1"' in page.text


def test_what_is_typed_is_saved_without_a_page_turned(house: House) -> None:
    client = house.client()
    page = client.get(FORM)
    told = json.loads(typed(client, page, name="周喆").text)
    assert told["draft"] == 1
    assert told["saved"].endswith("10:00")
    there = client.get(told["url"])
    assert 'value="周喆"' in there.text
    assert "已保存" in there.text
    assert "接着填" in client.get(FORM).text


def test_a_draft_is_resumed_on_another_device_after_sign_in(house: House) -> None:
    mine = house.client(ME)
    typed(mine, begun(mine), about="我会讲上党的故事")
    other = house.client(ME)
    mine_too = other.get("/my/").text
    assert "没填完的" in mine_too
    path = mine_too.split('row-link" href="')[1].split('"')[0]
    assert "我会讲上党的故事" in other.get(path).text
    assert house.client(fictional_phone(2)).get(path).status_code == 404
    assert house.client().get(path).status_code == 404


def test_a_draft_begun_without_sign_in_is_theirs_who_sign_in_there(house: House) -> None:
    client = house.client()
    path = begun(client).request.path
    token = hidden(client.get("/sign-in/").text)["csrf_token"]
    client.post("/sign-in/demo", data={"csrf_token": token, "phone": OFFICERS["county"]})
    assert client.get(path).status_code == 200
    assert house.client(OFFICERS["county"]).get(path).status_code == 200
    assert house.client(ME).get(path).status_code == 404
    client.post("/sign-out/", data={"csrf_token": hidden(client.get("/my/").text)["csrf_token"]})
    assert client.get(path).status_code == 404


def test_two_devices_do_not_overwrite_each_other_unsaid(house: House) -> None:
    one, two = house.client(ME), house.client(ME)
    page = begun(one)
    there = two.get(page.request.path)
    typed(one, page, about="甲机上写的")
    answer = two.post(
        there.request.path,
        data={**hidden(there.text), **answers(1)[1], "about": "乙机上写的", "action": "next"},
    )
    assert answer.status_code == 409
    assert "甲机上写的" in answer.text
    assert "乙机上写的" in answer.text
    again = send(two, answer, {**answers(1)[1], "about": "乙机上写的"})
    assert "签" in again.text
    assert "乙机上写的" in one.get(page.request.path + "?page=1").text


def test_the_same_browser_is_not_asked_about_its_own_older_page(house: House) -> None:
    client = house.client()
    page = begun(client)
    typed(client, page, about="一")
    typed(client, page, about="二")  # the page was not loaded anew
    assert send(client, page, {**answers(1)[1], "about": "三"}).status_code == 200


def test_a_draft_handed_in_is_gone_and_sent_again_gives_the_same_receipt(house: House) -> None:
    client = house.client()
    where, last = last_page(client, 1)
    first = client.post(where, data=last)
    assert house.office.drafts.get(case_id_of(first)) is None
    assert case_id_of(client.post(where, data=last)) == case_id_of(first)
    assert client.get(where).location == first.location
    assert client.post(where, data={**last, "action": "back"}).location == first.location
    assert "没填完的" not in house.client(ME).get("/my/").text


def test_a_draft_thrown_away_is_gone(house: House) -> None:
    client = house.client()
    page = begun(client)
    token = hidden(page.text)["csrf_token"]
    done = client.post(f"{page.request.path}discard", data={"csrf_token": token})
    assert done.location == f"/{PLACE}/"
    gone = client.get(page.request.path)
    assert gone.status_code == 404
    assert "没有找到这份草稿" in gone.text
    assert "接着填" not in client.get(FORM).text


def test_a_busy_store_keeps_the_words_in_the_page(make_house: MakeHouse) -> None:
    class Contended:
        """Refuses to write drafts while `busy`."""

        busy = False

        def __init__(self, store: Store) -> None:
            self.store = store

        def __getattr__(self, name: str) -> Any:
            return getattr(self.store, name)

        def commit(self, *writes: Write) -> None:
            if Contended.busy and any(write.key[1] == "D" for write in writes):
                raise Busy
            self.store.commit(*writes)

    house = make_house(wrap=Contended)
    client = house.client()
    page = begun(client)
    Contended.busy = True
    answer = send(client, page, {**answers(1)[1], "about": "很长的一段话"})
    assert answer.status_code == 429
    assert "很长的一段话" in answer.text
    assert typed(client, page, about="x").status_code == 409
    Contended.busy = False
    assert "签" in send(client, answer, {**answers(1)[1], "about": "很长的一段话"}).text


def later_version(tmp_path: Path) -> Path:
    """Return a folder of plugins whose registration asks a little otherwise."""
    folder = tmp_path / "later"
    shutil.copytree(BUNDLED / SERVICE, folder / SERVICE)
    form = folder / SERVICE / "forms" / "registration.yaml"
    text = form.read_text()
    changed = text.replace("label: {zh: 姓名, en: Name}", "label: {zh: 您的姓名, en: Your name}")
    changed = changed.replace("- {value: parent,", "- {value: family,")
    assert changed.count("family") == 1
    form.write_text(changed.replace('kind == "parent"', 'kind == "family"'))
    return folder


@pytest.mark.parametrize("late", [False, True])
def test_a_draft_moves_to_the_newer_form_and_says_what_changed(
    make_house: MakeHouse,
    tmp_path: Path,
    late: bool,  # noqa: FBT001 — both ways
) -> None:
    """`late`: a page of the older form is still sent after the newer one is in force."""
    house = make_house()
    client = house.client(ME)
    page = begun(client)
    newer = make_house(of=house, folders=(later_version(tmp_path),))
    there = newer.client(ME)
    token = hidden(there.get("/sign-in/").text)["csrf_token"]
    if late:
        old = {**hidden(page.text), "csrf_token": token, **answers(1)[1], "action": "submit"}
        answer = there.post(page.request.path, data=old, follow_redirects=True)
    else:
        answer = there.get(page.request.path)
    assert "您上次填写以后，这张表改了" in answer.text
    assert "“姓名”改称“您的姓名”" in answer.text
    assert "“您是”取消选项“家长”" in answer.text
    assert "您选的这一项已经取消，请重新选" in answer.text
    first = there.get(page.request.path + "?page=0")
    assert 'value="测试1"' in first.text
    kept = send(there, first, {**answers(1)[0], "kind": "citizen"})
    assert "这张表改了" not in kept.text
    if late:
        assert 'value="friday" checked' in there.get(page.request.path + "?page=1").text


def test_a_returned_case_is_mended_over_several_sittings(house: House) -> None:
    case = house.submit(1)
    house.do(case, "return", "school", comment="请补充", marks=("name",))
    path = f"/{PLACE}/case/{case.id}/edit/"
    client = house.client(ME)
    typed(client, client.get(path), **{**answers(1)[0], "name": "测试一"})
    there = house.client(ME).get(path)
    assert 'value="测试一"' in there.text
    assert house.now(case).answers["name"] == "测试1"
    page = client.get(path)
    for given in ({**answers(1)[0], "name": "测试一"}, answers(1)[1]):
        page = send(client, page, given)
    done = send(client, page, {**answers(1)[2], "action": "submit"})
    assert case_id_of(done) == case.id
    assert house.now(case).answers["name"] == "测试一"
    assert house.office.drafts.get(case.id) is None
    assert "没填完的" not in client.get("/my/").text


def test_files_of_a_draft_are_noted_for_clearing_away(house: House) -> None:
    client = house.client()
    given = {**answers(1)[0], "kind": "retired_teacher", "action": "stay"}
    given["certificate"] = (io.BytesIO(b"\x89PNG\r\n\x1a\n" + b"0" * 99), "证.png")
    page = send(client, client.get(FORM), given, content_type="multipart/form-data")
    draft = house.office.drafts.get(page.request.path.split("/")[4])
    assert draft is not None
    assert draft.answers is not None
    assert list(draft.files) == [draft.answers["certificate"]["ref"]]


def test_a_form_handed_in_from_its_first_page_leaves_no_draft(
    make_house: MakeHouse, tmp_path: Path
) -> None:
    house = make_house(folders=(write(tmp_path / "more", "suggestions"),))
    house.office.places.switch(PLACE, "suggestions", "on", "某人", "2026")
    case_id = case_id_of(suggest(house.client()))
    assert [item["sk"] for item in everything(house, f"C#{case_id}")] == ["E#000001", "H"]


def test_a_first_page_whose_answer_was_lost_may_be_sent_again(house: House) -> None:
    client = house.client()
    first = client.get(FORM)
    sent = {**hidden(first.text), **answers(1)[0], "action": "next"}
    assert client.post(FORM, data=sent).status_code == 303
    client.delete_cookie("kehou_drafts")  # the answer never came
    again = client.post(FORM, data=sent, follow_redirects=True)
    assert again.status_code == 200
    assert "preferred_school" in again.text


def test_what_went_further_is_opened_by_no_first_page_sent_from_elsewhere(house: House) -> None:
    client = house.client()
    first = client.get(FORM)
    sent = {**hidden(first.text), **answers(1)[0], "action": "next"}
    send(client, client.post(FORM, data=sent, follow_redirects=True), answers(1)[1])
    client.delete_cookie("kehou_drafts")
    assert client.post(FORM, data=sent).status_code == 404
