"""`kehou check`: one checker that names every flaw of every file, where it stands, at once."""

import json
from pathlib import Path

import pytest

from core.commands.check import check
from core.frozen import freeze, written
from core.web.app import BUNDLED
from infra import cli
from infra.cli import main
from tests.core.plugin_folder import GUIDE, HEAD, blocks, hook, write

MANIFEST, FORM, WORKFLOW = "plugin.yaml", "forms/suggestion.yaml", "workflows/answering.yaml"
PYTHON = f"{HEAD}    @hookimpl\n    def check_submission(self, case):\n        return []\n"
# what is changed in which file, and what is to be said: message, suggestion
FLAWS = {
    "a lookup nobody offers": (
        (FORM, "places.schools", "places.school"),
        "no service offers the lookup “places.school”",
        "places.schools",
    ),
    "a clause nobody knows": (
        (FORM, "min_length: 5", "min_length: 5\n        basis: nowhere/1"),
        "“nowhere/1” (cited at words) is no clause we know",
        "",
    ),
    "a field the desk cannot show": (
        (MANIFEST, "gist: [about]", "gist: [abut]"),
        "the form suggestion has no field “abut”",
        "about",
    ),
    "personal data not declared": (
        (MANIFEST, "personal_data: [phone]", "personal_data: []"),
        "“phone” is given a privacy class and not declared under personal_data",
        "",
    ),
    "personal data that is none": (
        (MANIFEST, "personal_data: [phone]", "personal_data: [phone, about]"),
        "“about” is declared here and nowhere given a privacy class",
        "",
    ),
    "a hook without Python": (
        (MANIFEST, "api: 1", "api: 1\nhooks: [check_submission]"),
        "“check_submission” is declared here and nowhere implemented",
        "",
    ),
    "a lookup without an answer": (
        (MANIFEST, "api: 1", "api: 1\nlookups: [{name: rooms, label: {zh: 教室, en: Rooms}}]"),
        "lookups are answered by provide_choices: neither stands without the other",
        "",
    ),
    "an agenda that nobody tells": (
        (
            MANIFEST,
            "api: 1",
            "api: 1\nmenu: [{path: agenda, label: {zh: 日程, en: A}, roles: [school_officer]}]",
        ),
        "the menu's “agenda” shows provide_agenda: neither stands without the other",
        "",
    ),
    "a menu without pages": (
        (MANIFEST, "api: 1", "api: 1\nmenu: [{path: about, label: {zh: 说明, en: About}}]"),
        "a menu needs pages of the plugin's own",
        "",
    ),
    "listening to nobody": (
        (MANIFEST, "api: 1", "api: 1\nlistens: [volunteer]"),
        "there is no plugin “volunteer” to listen to",
        "volunteers",
    ),
    "requiring nobody": (
        (MANIFEST, "api: 1", "api: 1\nrequires: [venues]"),
        "it requires venues, which does not run",
        "",
    ),
    "a message never sent": (
        (WORKFLOW, "messages:", "messages:\n  early: {zh: 太早了, en: Too early}"),
        "the message “early” is never sent",
        "",
    ),
    "a condition never read": (
        (FORM, "minutes: 2", "minutes: 2\nconditions: {is_safety: 'about == \"safety\"'}"),
        "the condition “is_safety” is never read",
        "",
    ),
    "a role nobody asks for": (
        (MANIFEST, "roles:", "roles:\n  - {id: porter, name: {zh: 门卫, en: Porter}, at: school}"),
        "nothing asks for the role “porter”",
        "",
    ),
    "a label without English": (
        (FORM, "label: {zh: 关于什么, en: About what}", "label: 关于什么"),
        "this text has no English, and `languages` promises it",
        "",
    ),
    "a state nobody reaches": (
        (WORKFLOW, "transitions:", "  lost: {kind: final, label: 丢失}\ntransitions:"),
        "lost",
        "",
    ),
}


def flawed(folder: Path, changes: list[tuple[str, str, str]], python: str = "") -> Path:
    """Write the guide's plugin, in both languages, with these changes; return its parent."""
    told = blocks(GUIDE)
    told[MANIFEST] = told[MANIFEST].replace("api: 1", "api: 1\nlanguages: [zh, en]")
    for name, before, after in changes:
        assert before in told[name]
        told[name] = told[name].replace(before, after, 1)
    files = {name.removesuffix(".yaml").replace("/", "__"): text for name, text in told.items()}
    return write(folder, "suggestions", python, **files)


@pytest.mark.parametrize("name", FLAWS)
def test_each_flaw_is_named_with_its_line_and_what_was_meant(tmp_path: Path, name: str) -> None:
    change, message, meant = FLAWS[name]
    found = check([BUNDLED, flawed(tmp_path, [change])])
    assert [each.message for each in found if message in each.message], found
    [flaw] = [each for each in found if message in each.message]
    assert len(found) == 1 or name == "a state nobody reaches", found
    assert flaw.suggestion == meant
    assert flaw.position.file.endswith(change[0])
    line = (tmp_path / "suggestions" / change[0]).read_text().splitlines()[flaw.position.line - 1]
    assert line.strip()


def test_the_control_has_no_flaw(tmp_path: Path) -> None:
    assert check([BUNDLED, flawed(tmp_path, [])]) == []


def test_all_flaws_of_all_files_come_at_once(tmp_path: Path) -> None:
    barred = ("requiring nobody", "a state nobody reaches", "personal data that is none")
    once = [name for name in FLAWS if name not in barred and "api: 1" not in FLAWS[name][0]]
    found = check([BUNDLED, flawed(tmp_path, [FLAWS[name][0] for name in once])])
    for name in once:
        assert any(FLAWS[name][1] in each.message for each in found), name


def test_an_agenda_is_for_officers(tmp_path: Path) -> None:
    told = "hooks: [provide_agenda]\nmenu: [{path: agenda, label: {zh: 日程, en: Agenda}}]"
    changes = [(MANIFEST, "api: 1", f"api: 1\n{told}")]
    python = hook("provide_agenda(self, context)", "return []")
    [flaw] = check([BUNDLED, flawed(tmp_path, changes, python)])
    assert flaw.message == "“agenda” is for the officers of its `roles`"


def test_a_hook_that_is_implemented_has_to_be_declared(tmp_path: Path) -> None:
    [flaw] = check([BUNDLED, flawed(tmp_path, [], PYTHON)])
    assert flaw.message == "“check_submission” is implemented and not declared under hooks"
    declared = (MANIFEST, "api: 1", "api: 1\nhooks: [check_submission]")
    assert check([BUNDLED, flawed(tmp_path / "again", [declared], PYTHON)]) == []


def test_a_plugin_is_checked_by_its_own_folder_too(tmp_path: Path) -> None:
    folder = flawed(tmp_path, []) / "suggestions"
    assert check([BUNDLED, folder]) == []
    package = folder.rename(tmp_path / "kehou_suggestions")
    assert check([BUNDLED, package]) == []
    [flaw] = check([BUNDLED, package.rename(tmp_path / "proposals")])
    assert "the id must be" in flaw.message


def test_json_and_the_exit_code_are_for_programs(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    change, message, meant = FLAWS["a lookup nobody offers"]
    folder = flawed(tmp_path, [change])
    assert main(["check", "--json", str(folder)]) == 1
    [told] = json.loads(capsys.readouterr().out)
    assert set(told) == {"file", "line", "column", "message", "suggestion"}
    assert (told["message"], told["suggestion"]) == (message, meant)
    assert main(["check", "--json", str(flawed(tmp_path / "good", []))]) == 0
    assert json.loads(capsys.readouterr().out) == []
    with pytest.raises(SystemExit) as wrong:
        main(["check", "--nonsense"])
    assert wrong.value.code == 2


def test_a_catalogue_older_than_its_plugins_is_a_flaw(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bundled = flawed(tmp_path / "plugins", [])
    monkeypatch.setattr(cli, "BUNDLED", bundled)
    written(bundled / "catalogue.json", freeze(tmp_path))
    assert main(["check"]) == 0
    form = bundled / "suggestions" / FORM
    form.write_text(form.read_text().replace("minutes: 2", "minutes: 3"))
    assert main(["check"]) == 1
    assert "older than the plugins" in capsys.readouterr().err
