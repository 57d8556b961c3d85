"""What a workflow's file is refused for, and where."""

import pytest

from forms.problems import DefinitionError, Flaw
from forms.source import read_yaml
from tests.workflows.sample import FORMS, WORKFLOW, read_form, read_workflow
from workflows.definition import Branch, Do
from workflows.loading import load_workflow
from workflows.spans import Span


def flaws(text: str) -> list[Flaw]:
    with pytest.raises(DefinitionError) as refused:
        read_workflow(text)
    return list(refused.value.flaws)


def bent(old: str, new: str) -> list[Flaw]:
    """Return the flaws of the sample workflow after one change."""
    assert WORKFLOW.count(old) >= 1
    return flaws(WORKFLOW.replace(old, new, 1))


def only(old: str, new: str) -> Flaw:
    found = bent(old, new)
    assert len(found) == 1, [str(each) for each in found]
    return found[0]


def test_a_workflow_is_read_with_all_that_it_says() -> None:
    workflow = read_workflow()
    assert (workflow.id, workflow.form, workflow.start) == ("flow", "request", "draft")
    assert workflow.path == ("waiting", "valid")
    assert set(workflow.forms) == {"request", "decision"}
    assert workflow.states["waiting"].due == Span(5, working=True)
    approve = workflow.find("approve", "waiting")
    assert approve is not None
    assert approve.to == (Branch("valid"),)
    assert approve.do == (Do("certify"),)
    assert approve.awaits_step
    assert workflow.find("approve", "returned") is None


def test_the_hash_names_what_the_file_says_and_not_how_it_is_laid_out() -> None:
    assert read_workflow().hash == read_workflow("# seen\n" + WORKFLOW).hash
    assert read_workflow().hash != read_workflow(WORKFLOW.replace("due: 5wd", "due: 6wd")).hash


def test_what_a_tier_zero_author_leaves_out_is_said_in_plain_words() -> None:
    workflow = read_workflow()
    assert workflow.states["returned"].words.zh == "请您补充后重新提交"
    submit = workflow.find("submit", "draft")
    assert submit is not None
    assert (submit.label.zh, submit.done.zh) == ("提交", "您已提交")


def test_an_expiry_may_be_the_day_itself_or_days_before_it() -> None:
    for written, days in (("day", 0), ("day - 3d", 3), ("step.checked_on+1wd", 1)):
        expires = read_workflow(WORKFLOW.replace("step.checked_on + 365d", written)).states["valid"]
        assert expires.expires is not None
        assert expires.expires.span.days == days


def test_an_unknown_key_names_its_line_and_what_was_meant() -> None:
    flaw = only("    guard: 'step.fine'", "    gaurd: 'step.fine'")
    assert flaw.suggestion == "guard"
    line = WORKFLOW[: WORKFLOW.index("    guard:")].count("\n") + 1
    assert (flaw.position.file, flaw.position.line) == ("flow.yaml", line)


@pytest.mark.parametrize(
    ("old", "new", "meant"),
    [
        ("form: request", "form: reqest", "request"),
        ("form: decision", "form: descision", "decision"),
        ("to: valid", "to: vaild", "valid"),
        ("from: [waiting, upstairs]", "from: [waitng, upstairs]", "waiting"),
        ("template: back", "template: bakc", "back"),
        ("do: [certify]", "do: [certfy]", "certify"),
        ("{role: officer,", "{role: oficer,", "officer"),
        ("by: boss", "by: bos", "boss"),
        ("to: applicant, template: back", "to: aplicant, template: back", "applicant"),
        ("at: hosting", "at: hostin", "hosting"),
        ("at: county", "at: country", "county"),
        ("'people >= 50'", "'peopel >= 50'", "people"),
        ("'people > 100'", "'peeple > 100'", "people"),
        ("'step.fine'", "'step.fin'", "step.fine"),
        ("step.checked_on + 365d", "step.checkd_on + 365d", "checked_on"),
        ("path: [waiting,", "path: [wating,", "waiting"),
        ("{comment}", "{coment}", "comment"),
        ("kind: standing", "kind: stading", "standing"),
    ],
)
def test_a_misspelt_name_is_refused_once_with_the_name_that_was_meant(
    old: str, new: str, meant: str
) -> None:
    assert [flaw.suggestion for flaw in bent(old, new)] == [meant]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("guard: 'people >= 50'", "guard: 'people + 1'", "yes or no"),
        ("guard: 'people >= 50'", "guard: 'people == \"many\"'", "people"),
        ("guard: 'people >= 50'", "guard: '__import__(1)'", "__import__"),
        ("step.checked_on + 365d", "step.fine + 365d", "not a date"),
        ("step.checked_on + 365d", "step.checked_on + soon", "soon"),
        ("at: hosting", "at: people", "no place"),
        ("due: 5wd", "due: 5 days", "5wd"),
        ("    due: 5wd\n", "", "count from"),
        ("    step: 有效\n", "", "needs a “step”"),
        ("refused: {kind: final_bad}", "refused: {kind: final_bad, due: 5d}", "no “due”"),
        ("returned: {kind: returned,", "returned: {kind: open, editable: all,", "editable"),
        (
            "to: [{when: 'people > 100', to: refused}, {to: done}]",
            "to: [{when: 'people > 100', to: refused}, {when: 'people > 2', to: done}]",
            "last target",
        ),
        (
            "to: [{when: 'people > 100', to: refused}, {to: done}]",
            "to: [{to: refused}, {to: done}]",
            "without “when”",
        ),
        ("    marks: fields\n", "    require: [marks]\n", "require"),
        ("{after: 2d, move: escalate}", "{after: 2d, move: approve}", "system"),
        ("{after: 2d, move: escalate}", "{after: 2d, move: lapse}", "lapse"),
        ("{after: 2d, move: escalate}", "{after: 2d}", "what happens"),
        ("late: '{service} {number} 逾期 {due}'", "late: '{service'", "stands alone"),
        ("late: '{service} {number} 逾期 {due}'", "late: '{service!r}'", "without more"),
        ("from: [draft, returned]", "from: [returned]", "must lead from"),
        ("from: [draft, returned]", "from: [draft]", "submit again"),
        ("hurry: {from: waiting,", "hurry: {from: [waiting, draft],", "leaves a draft"),
        (
            "hurry: {from: waiting, to: upstairs",
            "hurry: {from: waiting, to: draft",
            "back to a draft",
        ),
        ("hurry: {from: waiting,", "hurry: {from: [waiting, done],", "never left"),
        ("hurry: {from: waiting,", "hurry: {from: [waiting, waiting],", "twice"),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(old: str, new: str, says: str) -> None:
    found = bent(old, new)
    assert any(says in str(flaw) for flaw in found), [str(flaw) for flaw in found]


def test_a_state_that_nothing_leads_to_is_named() -> None:
    flaw = only("  done: {kind: final}", "  done: {kind: final}\n  attic: {kind: final}")
    assert "“attic”" in flaw.message


def test_a_state_that_nothing_leaves_is_named() -> None:
    attic = "  done: {kind: final}\n  attic: {kind: open}"
    text = WORKFLOW.replace("  done: {kind: final}", attic)
    text = text.replace("hurry: {from: waiting, to: upstairs", "hurry: {from: waiting, to: attic")
    assert [flaw.message for flaw in flaws(text)] == [
        "“attic” has no way out: no transition leaves it"
    ]


def test_states_that_only_lead_to_each_other_have_no_way_out() -> None:
    attic = "  done: {kind: final}\n  attic: {kind: open}\n  cellar: {kind: open}"
    text = WORKFLOW.replace("  done: {kind: final}", attic)
    text = text.replace("hurry: {from: waiting, to: upstairs", "hurry: {from: waiting, to: attic")
    text = text.replace(
        "  withdraw:",
        "  down: {from: attic, to: cellar, by: boss}\n"
        "  up: {from: cellar, to: attic, by: boss}\n  withdraw:",
    )
    assert ["no final state" in flaw.message for flaw in flaws(text)] == [True, True]


def test_one_name_may_do_different_things_in_different_states() -> None:
    text = WORKFLOW.replace(
        "  hurry: {from: waiting, to: upstairs, by: officer, guard: 'people >= 50'}",
        "  hurry:\n    - {from: waiting, to: upstairs, by: officer}\n"
        "    - {from: upstairs, to: done, by: boss}",
    )
    workflow = read_workflow(text)
    assert [each.to[0].to for each in workflow.transitions if each.name == "hurry"] == [
        "upstairs",
        "done",
    ]


def test_two_transitions_of_one_name_in_one_state_are_refused() -> None:
    flaw = only(
        "  hurry: {from: waiting, to: upstairs, by: officer, guard: 'people >= 50'}",
        "  hurry:\n    - {from: [waiting, upstairs], to: done, by: officer}\n"
        "    - {from: upstairs, to: done, by: boss}",
    )
    assert "two transitions named “hurry” leave “upstairs”" in flaw.message


def test_a_name_written_twice_is_refused() -> None:
    with pytest.raises(DefinitionError, match="stands twice"):
        read_workflow(WORKFLOW.replace("  withdraw:", "  refuse:"))


def test_timers_that_lead_in_a_circle_are_refused() -> None:
    text = WORKFLOW.replace(
        "overdue: {after: 0d, move: lapse}", "overdue: {after: 0d, move: again}"
    )
    text = text.replace(
        "  withdraw:", "  again: {from: upstairs, to: waiting, by: system}\n  withdraw:"
    )
    assert all("without end" in flaw.message for flaw in flaws(text))
    assert len(flaws(text)) == 2


def test_a_state_may_be_entered_anew_every_so_many_days() -> None:
    text = WORKFLOW.replace("overdue: {after: 0d, move: lapse}", "overdue: {after: 0d, move: look}")
    text = text.replace(
        "  withdraw:", "  look: {from: upstairs, to: upstairs, by: system}\n  withdraw:"
    )
    assert read_workflow(text).states["upstairs"].overdue[0].move == "look"
    at_once = text.replace("due: 10d", "due: 0d")
    assert at_once != text
    assert [each for each in flaws(at_once) if "without end" in each.message]


def test_a_field_that_two_steps_give_different_kinds_is_refused() -> None:
    note = read_form(
        "{id: note, title: 记录, pages: [{fields: [{name: checked_on, type: text, label: 谁}]}]}"
    )
    text = WORKFLOW.replace("require: [comment]\n    marks", "form: note\n    marks")
    with pytest.raises(DefinitionError, match="“checked_on” is a text in another step and a date"):
        load_workflow(read_yaml(text, "flow.yaml"), {**FORMS, "note": note}, actions=None)


def test_all_flaws_of_a_file_come_at_once_in_the_order_of_the_file() -> None:
    text = WORKFLOW.replace("label: 待审", "lable: 待审").replace("to: valid", "to: vaild")
    text = text.replace("  done: {kind: final}", "  done: {kind: final}\n  attic: {kind: open}")
    text = text.replace("{comment}", "{remark}")
    found = flaws(text)
    assert [flaw.position.line for flaw in found] == sorted(flaw.position.line for flaw in found)
    said = "\n".join(map(str, found))
    for part in (
        "“lable”",
        "“vaild”",
        "“attic” has no way out",
        "ever leads to “attic”",
        "{remark}",
    ):
        assert part in said


@pytest.mark.parametrize(
    "text",
    [
        "x",
        "[]",
        "id: 3",
        "states: []",
        "states: {a: 3}\ntransitions: {b: [4, {}]}",
        "id: a\nform: request\nstates: {}\ntransitions: {}",
    ],
)
def test_a_file_that_is_no_workflow_is_refused_in_words(text: str) -> None:
    assert flaws(text)


def test_actions_and_roles_of_a_published_definition_are_not_checked_again() -> None:
    source = read_yaml(WORKFLOW, "flow.yaml")
    assert load_workflow(source, FORMS, actions=None).hash == read_workflow().hash
    with pytest.raises(DefinitionError, match="action"):
        load_workflow(source, FORMS)
