"""Plugins for tests: the guide's own, under another name or with Python of a test's."""

import re
from collections.abc import Sequence
from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.pages import hidden

GUIDE = Path(__file__).parents[2] / "docs" / "plugin-guide.md"
HEAD = "from core.hooks import hookimpl\n\n\nclass Plugin:\n"


def blocks(guide: Path) -> dict[str, str]:
    """Return the files that the guide tells one to write."""
    found = re.findall(
        r"```yaml\n# plugins/suggestions/(\S+)\n(.*?)```", guide.read_text(), re.DOTALL
    )
    return dict(found)


def write(
    folder: Path, name: str, python: str = "", listens: Sequence[str] = (), **files: str
) -> Path:
    """Write the guide's plugin under another name, with that Python; return its parent."""
    told = blocks(GUIDE) | {path.replace("__", "/") + ".yaml": text for path, text in files.items()}
    told["plugin.yaml"] = told["plugin.yaml"].replace("id: suggestions", f"id: {name}")
    if listens:
        told["plugin.yaml"] += f"listens: [{', '.join(listens)}]\n"
    if python:
        told["plugin.py"] = python
    for path, text in told.items():
        at = folder / name / path
        at.parent.mkdir(parents=True, exist_ok=True)
        at.write_text(text)
    return folder


def hook(signature: str, body: str, options: str = "") -> str:
    return f"{HEAD}    @hookimpl{options}\n    def {signature}:\n        {body}\n"


def suggest(
    client: FlaskClient, words: str = "门口要一盏灯", plugin: str = "suggestions", **more: str
) -> TestResponse:
    """Hand in a suggestion in 禾溪镇 and return the answer, or the page that came back."""
    path = f"/hexi-zhen/{plugin}/"
    sent = {**hidden(client.get(path).text), "school": "hexi-1", "about": "safety"}
    sent |= {"words": words, "phone": "00000000112", "action": "submit", **more}
    answer = client.post(path, data=sent)
    return client.get(answer.location) if answer.status_code == 303 else answer
