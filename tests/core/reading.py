"""Reads workbooks back as Excel would, strictly: a formula is a failure."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any
from urllib.parse import unquote

from flask.testing import FlaskClient
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from werkzeug.test import TestResponse

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEADER = 3


def sheets_of(content: bytes) -> list[Worksheet]:
    book = load_workbook(BytesIO(content))
    for sheet in book.worksheets:
        for row in sheet.iter_rows():
            assert all(cell.data_type != "f" for cell in row)
    return book.worksheets


def rows_of(sheet: Worksheet) -> list[Sequence[Any]]:
    """Return what stands beneath the header."""
    return list(sheet.iter_rows(min_row=HEADER + 1, values_only=True))


def header_of(sheet: Worksheet) -> list[Any]:
    [row] = sheet.iter_rows(min_row=HEADER, max_row=HEADER, values_only=True)
    return list(row)


def saved(client: FlaskClient, path: str) -> tuple[list[Worksheet], str]:
    """Return the sheets of a workbook that a page sends, and the name it is saved under."""
    answer: TestResponse = client.get(path)
    assert answer.status_code == 200, (path, answer.status_code, answer.location)
    assert answer.content_type == MEDIA_TYPE
    assert answer.headers["Cache-Control"] == "private, no-store"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    way, _, name = answer.headers["Content-Disposition"].partition("filename*=UTF-8''")
    assert way.startswith("attachment; ")
    assert name.isascii()
    return sheets_of(answer.data), unquote(name)
