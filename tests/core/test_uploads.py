"""Files: known by what they hold, named harmlessly, sent to those who may see the case alone."""

import zipfile
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from hypothesis import given
from hypothesis import strategies as st

from core.file_kinds import kind_of, safe_name
from core.uploads import NotAccepted
from core.web.downloads import named
from tests.core.conftest import MakeHouse
from tests.core.house import OFFICERS, House, case_id_of
from tests.core.sampler import (
    HEIC,
    JPEG,
    PAGES,
    PDF,
    PNG,
    sampler_house,
    sent,
    turned_to,
    upload,
)
from tests.pages import PLACE

APPLICANT = "00000000001"


@pytest.fixture
def house(make_house: MakeHouse, tmp_path: Path) -> House:
    return sampler_house(make_house, tmp_path / "plugins")


def archive() -> bytes:
    """Return a zip that would swell a thousandfold."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr("word/document.xml", b"0" * 2_000_000)
    return packed.getvalue()


def dots(width: int, height: int) -> bytes:
    return PNG[:16] + width.to_bytes(4) + height.to_bytes(4) + PNG[24:]


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b"x" * (10 * 1024 * 1024 + 1), "file_large"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>", "file_kind"),
        (b"<!doctype html><script>1</script>", "file_kind"),
        (b"  %PDF-1.7", "file_kind"),
        (b"GIF89a<script>1</script>", "file_kind"),
        (b"MZ\x90\x00", "file_kind"),
        (archive(), "file_kind"),
        (b"\x00\x00\x00\x18ftypmp42" + b"0" * 50, "file_kind"),
        (b"%PDF-1.7\n<< /OpenAction << /S /JavaScript /JS (app.alert) >> >>", "file_active"),
        (b"%PDF-1.7\n<< /S /Launch /F (cmd.exe) >>", "file_active"),
        (b"%PDF-1.7\n<< /Type /EmbeddedFile >>", "file_active"),
        (dots(60_000, 60_000), "file_dots"),
    ],
)
def test_what_is_no_photo_and_no_plain_pdf_is_refused(
    house: House, content: bytes, code: str
) -> None:
    with pytest.raises(NotAccepted) as refused:
        house.office.uploads.keep("qinghe", "1", "证书.jpg", content)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "name", "kept", "kind"),
    [
        (PNG, "证.png", "证.png", "image/png"),
        (JPEG, "IMG_1.JPEG", "IMG_1.JPEG", "image/jpeg"),
        (PNG, "证.jpg", "证.png", "image/png"),
        (HEIC, "IMG_2.jpg", "IMG_2.heic", "image/heic"),
        (JPEG, "page.html", "page.jpg", "image/jpeg"),
        (JPEG, "照片.jpg.exe", "照片.jpg.jpg", "image/jpeg"),
        (PDF, "证明", "证明.pdf", "application/pdf"),
        (PNG, "../../etc/passwd", "passwd.png", "image/png"),
        (PNG, "C:\\fakepath\\证.png", "证.png", "image/png"),
        (PNG, ".htaccess", "htaccess.png", "image/png"),
        (PNG, "", "file.png", "image/png"),
        (JPEG + b"<script>alert(1)</script>", "a.jpg", "a.jpg", "image/jpeg"),
        (JPEG + archive(), "a.jar", "a.jpg", "image/jpeg"),
    ],
)
def test_a_file_is_named_after_what_it_is(
    house: House, content: bytes, name: str, kept: str, kind: str
) -> None:
    answer = house.office.uploads.keep("qinghe", "1", name, content)
    assert (answer["name"], answer["type"]) == (kept, kind)


@given(st.text(max_size=300), st.sampled_from(["image/png", "application/pdf", ""]))
def test_no_name_does_harm(name: str, kind: str) -> None:
    safe = safe_name(name, kind)
    assert 0 < len(safe) <= 100
    assert not set(safe) & set('/\\:*?"<>|\r\n\0;%')
    assert not safe.startswith(".")
    header = named(safe)
    assert header.isascii()
    assert not set(header) & set("\r\n")
    assert header.count('"') == 2


@given(st.binary(max_size=200))
def test_what_a_file_is_shows_at_its_very_beginning(content: bytes) -> None:
    assert kind_of(b"<" + content) is None


def handed_in(house: House, name: str, content: bytes) -> str:
    """Hand in a form with this file; return the address of its case."""
    client = house.client(APPLICANT)
    given_ = {**PAGES[2], "photos": upload(content, name), "action": "submit"}
    answer = sent(client, turned_to(client, 2), given_)
    return f"/{PLACE}/case/{case_id_of(answer)}/"


def got(house: House, phone: str, address: str) -> Any:
    client: FlaskClient = house.client(phone)
    return client.get(address)


def test_a_file_is_sent_to_its_applicant_and_officers_and_to_nobody_else(house: House) -> None:
    address = handed_in(house, "证.png", PNG) + "file/photos.0"
    seen = {
        who: got(house, phone, address).status_code
        for who, phone in {
            "applicant": APPLICANT,
            "officer": OFFICERS["county"],
            "other county": OFFICERS["other_county"],
            "other citizen": "00000000099",
        }.items()
    }
    assert seen == {"applicant": 200, "officer": 200, "other county": 404, "other citizen": 404}
    stranger = got(house, "", address)
    assert (stranger.status_code, stranger.headers["Location"].startswith("/sign-in/")) == (
        302,
        True,
    )
    assert got(house, APPLICANT, address).data == PNG


@pytest.mark.parametrize(
    "path", ["photos.9", "photos", "full_name", "members.0.photo", "x", "x.0.y"]
)
def test_what_is_no_file_is_not_found(house: House, path: str) -> None:
    address = handed_in(house, "证.png", PNG)
    assert got(house, APPLICANT, f"{address}file/{path}").status_code == 404


@pytest.mark.parametrize(
    ("name", "content", "way", "kind"),
    [
        ("证 书.png", PNG, "inline", "image/png"),
        ("证.jpg", JPEG, "inline", "image/jpeg"),
        ("证.pdf", PDF, "attachment", "application/pdf"),
        ("证.heic", HEIC, "attachment", "image/heic"),
    ],
)
def test_pictures_alone_open_in_the_browser_and_nothing_can_run(
    house: House, name: str, content: bytes, way: str, kind: str
) -> None:
    answer = got(house, APPLICANT, handed_in(house, name, content) + "file/photos.0")
    said = answer.headers["Content-Disposition"]
    assert said.startswith(f"{way}; filename=\"file.{name[-4:].strip('.')}\"; filename*=UTF-8''%E8")
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "sandbox" in answer.headers["Content-Security-Policy"]
    assert answer.headers["Cache-Control"] == "private, no-store"
