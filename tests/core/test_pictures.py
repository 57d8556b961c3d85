"""A picture for everybody says nothing of where, when and by whom it was taken."""

from core.pictures import bare


def segment(kind: int, said: bytes) -> bytes:
    return bytes((0xFF, kind)) + (len(said) + 2).to_bytes(2) + said


HEAD, COLOURS = segment(0xE0, b"JFIF\x00"), segment(0xE2, b"ICC_PROFILE\x00x")
EXIF, COMMENT = segment(0xE1, b"Exif\x00\x00GPS 36.1N ZHANG SAN"), segment(0xFE, b"ZHANG SAN")
TABLES, SCAN = segment(0xDB, b"\x01" * 64), segment(0xDA, b"\x01\x02") + b"data\xff\xd9"


def chunk(kind: bytes, said: bytes) -> bytes:
    return len(said).to_bytes(4) + kind + said + b"crc."


def test_a_jpeg_keeps_what_shows_it() -> None:
    picture = b"\xff\xd8" + HEAD + EXIF + COLOURS + COMMENT + TABLES + SCAN
    assert bare(picture) == b"\xff\xd8" + HEAD + COLOURS + TABLES + SCAN


def test_a_png_keeps_what_shows_it() -> None:
    head, end = chunk(b"IHDR", b"0" * 13), chunk(b"IEND", b"")
    told = chunk(b"tEXt", b"Author\x00ZHANG SAN") + chunk(b"eXIf", b"GPS")
    data = chunk(b"IDAT", b"data")
    start = b"\x89PNG\r\n\x1a\n"
    assert bare(start + head + told + data + end) == start + head + data + end


def test_what_is_cut_off_or_another_kind_stays_as_it_is() -> None:
    for odd in (b"", b"RIFF0000WEBP", b"\xff\xd8", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n\x00"):
        assert bare(odd) == odd
