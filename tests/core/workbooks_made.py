"""Workbooks as officers make them, with openpyxl as Excel would write them."""

from collections.abc import Sequence
from io import BytesIO
from typing import Any

from flask.testing import FlaskClient
from openpyxl import Workbook, load_workbook
from werkzeug.test import TestResponse

from tests.pages import hidden

Rows = Sequence[Sequence[Any]]


def made(*rows: Sequence[Any]) -> bytes:
    """Return a workbook with these rows, the labels first."""
    book = Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    return content_of(book)


def filled(blank: bytes, *rows: dict[str, Any]) -> bytes:
    """Return the blank workbook with rows beneath its hints, each cell under its label."""
    book = load_workbook(BytesIO(blank))
    sheet = book.worksheets[0]
    [labels] = sheet.iter_rows(min_row=4, max_row=4, values_only=True)
    for n, row in enumerate(rows, 6):
        for label, value in row.items():
            sheet.cell(n, labels.index(label) + 1, value)
    return content_of(book)


def content_of(book: Workbook) -> bytes:
    content = BytesIO()
    book.save(content)
    return content.getvalue()


def uploaded(
    client: FlaskClient, path: str, content: bytes, name: str = "名单.xlsx", flow: str = ""
) -> TestResponse:
    """Upload a workbook as a browser does; follow to the report."""
    sent = {**hidden(client.get(f"{path}?flow={flow}").text), "workbook": (BytesIO(content), name)}
    return client.post(path, data=sent, follow_redirects=True)


def pressed(client: FlaskClient, page: TestResponse, act: str) -> TestResponse:
    """Press the button of a report; follow to where it leads."""
    token = hidden(page.text)["csrf_token"]
    return client.post(
        f"{page.request.path}{act}", data={"csrf_token": token}, follow_redirects=True
    )
