"""The guide's plugin works as it stands there, and no key goes without a line."""

import json
import re
from datetime import date
from pathlib import Path

import pytest

from core.manifest import load_manifest
from forms.calendar import national_calendar
from forms.loading import load_form
from forms.source import Source, read_yaml
from forms.surroundings import Surroundings
from forms.trial import run_tests
from workflows.loading import PARAMETERS, load_workflow
from workflows.shapes import PLACE_KINDS, STATE, TRANSITION, WORKFLOW
from workflows.trial import try_workflow

DOCS = Path(__file__).parents[2] / "docs"
GUIDE = (DOCS / "plugin-guide.md").read_text()
REFERENCE = (DOCS / "workflows.md").read_text()


def files() -> dict[str, Source]:
    blocks = re.findall(r"```yaml\n# plugins/suggestions/(\S+)\n(.*?)```", GUIDE, re.DOTALL)
    return {name: read_yaml(text, name) for name, text in blocks}


def test_the_plugin_of_the_guide_loads_and_its_story_ends_as_told() -> None:
    sources = files()
    manifest = load_manifest(sources.pop("plugin.yaml"), "suggestions")
    workflow_source = sources.pop("workflows/answering.yaml")
    forms = {form.id: form for form in map(load_form, sources.values())}
    roles = [role.id for role in manifest.roles]
    workflow = load_workflow(workflow_source, forms, (), roles)
    assert [flaw for form in forms.values() for flaw in run_tests(form)] == []
    assert manifest.missing(forms, [workflow.id]) == []

    [story] = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    around = Surroundings(date(2026, 10, 8), national_calendar())
    told = try_workflow(workflow, json.loads(story), around)
    assert told["states"] == ["waiting", "answered"]
    assert [each["event"] for each in told["effects"]] == [2, 3]
    assert [each["event"] for each in told["refused"]] == [1]


@pytest.mark.parametrize(
    "key",
    [*WORKFLOW, *STATE, *TRANSITION, *PLACE_KINDS, *(f"{{{name}}}" for name in sorted(PARAMETERS))],
)
def test_every_key_of_a_workflow_has_a_line_in_the_reference(key: str) -> None:
    assert f"`{key}`" in REFERENCE
