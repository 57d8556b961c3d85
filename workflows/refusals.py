"""Why a move is refused, in words for the person who asked."""

from collections import defaultdict
from collections.abc import Iterator

from forms.definition import Form
from forms.problems import Problem
from forms.surroundings import Language
from forms.text import Text
from workflows.case import Actor, Case, Move
from workflows.definition import APPLICANT, MoveCheck, State, Transition, Workflow

_UNKNOWN = Text("没有“{move}”这一步。", "There is no step “{move}”.")
_ELSEWHERE = Text(
    "现在是“{state}”，不能“{move}”。可能刚刚有人办过，请刷新后再看。",
    "This now stands at “{state}”, so “{move}” is not possible. Somebody may just have moved it; "
    "reload to see.",
)
_NOT_YOURS = Text(
    "“{move}”由其他人员办理，您的账号没有这项权限。",
    "“{move}” is for someone else to do; your account may not.",
)
_OWN = Text(
    "这是您本人的申请，不能由您自己“{move}”，请由其他人员办理。",
    "This is your own application. Someone else has to do “{move}”.",
)
_COMMENT = Text("请写明原因，对方会看到。", "Please give the reason; the other side will read it.")
_MARKS = Text("请标出需要修改的项目。", "Please mark what has to be changed.")
_STRANGE_MARK = Text("表中没有“{name}”这一项。", "The form has no field “{name}”.")
_STRANGE_STEP = Text("这一步不需要填写“{name}”。", "This step does not ask for “{name}”.")
_STRANGE_AMEND = Text("这一步不能改“{name}”。", "This step cannot change “{name}”.")
_GUARD = Text("现在还不能“{move}”。", "“{move}” is not possible yet.")
_SAME = Text(
    "“{names}”都和现在的一样，请至少改一项。",
    "“{names}” are as they stand now. Please change one of them at least.",
)
_VOTED = Text(
    "您已经同意“{move}”了，还需要其他人同意。",
    "You have agreed to “{move}” already. It needs somebody else as well.",
)
_NO_VOTE = Text("没有可以收回的意见。", "There is no vote of yours to take back.")
_NO_EXPIRY = Text(
    "缺少计算有效期的日期，不能进入“{state}”。",
    "The date that “{state}” expires by is missing.",
)


def of_place(workflow: Workflow, case: Case, wish: Move, language: Language) -> Problem:
    """Say that the move does not start from where the case stands."""
    named = [each for each in workflow.transitions if each.name == wish.transition]
    if not named:
        return _problem("unknown_move", _UNKNOWN, language, move=wish.transition)
    state = workflow.states[case.state]
    words = _state_words(state, wish.actor).get(language)
    label = named[0].label.get(language)
    return _problem("wrong_state", _ELSEWHERE, language, state=words, move=label)


def of_actor(transition: Transition, *, own: bool, language: Language) -> Problem:
    """Say that the actor may not; `own`: because the case is their own."""
    code, text = ("own_case", _OWN) if own else ("not_allowed", _NOT_YOURS)
    return _problem(code, text, language, move=transition.label.get(language))


def of_wish(
    workflow: Workflow, transition: Transition, wish: Move, language: Language
) -> Iterator[Problem]:
    """Say what is missing from a move, and what does not belong to it."""
    if "comment" in transition.require and not wish.comment.strip():
        yield _problem("comment_required", _COMMENT, language, field="comment")
    if "marks" in transition.require and not wish.marks:
        yield _problem("marks_required", _MARKS, language, field="marks")
    known = workflow.fields if transition.marks else frozenset()
    for name in sorted(set(wish.marks) - known):
        yield _problem("unknown_mark", _STRANGE_MARK, language, field="marks", name=name)
    for name in sorted(set(wish.step) - transition.own_fields):
        yield _problem("unknown_step", _STRANGE_STEP, language, field=name, name=name)
    for name in sorted(set(wish.amended) - set(transition.amend)):
        yield _problem("unknown_amend", _STRANGE_AMEND, language, field=name, name=name)


def of_no_change(transition: Transition, form: Form, language: Language) -> Problem:
    """Say that a move leaves everything as it stands which it is there to change."""
    joined = {"zh": "”“", "en": "”, “"}[language]
    names = joined.join(form.fields[name].label.get(language) for name in transition.amend)
    return _problem("no_change", _SAME, language, field=transition.amend[0], names=names)


def of_guard(transition: Transition, language: Language) -> Problem:
    """Say what the transition declares about its guard, with the clause it rests on."""
    label = transition.label.get(language)
    text = transition.message.get(language) or _GUARD.get(language).format(move=label)
    return Problem("guard", text, basis=transition.basis)


def of_check(check: MoveCheck, case: Case, language: Language) -> Problem:
    """Say what a check declares, with the answers and counts that it names."""
    known = {**case.answers, **case.steps}
    values = defaultdict(str, {name: each for name, each in known.items() if each is not None})
    text = check.message.get(language).format_map(values)
    return Problem("check", text, level=check.level, basis=check.basis)


def of_vote(transition: Transition, language: Language) -> Problem:
    """Say that the same person cannot count twice towards a quorum."""
    return _problem("voted", _VOTED, language, move=transition.label.get(language))


def of_no_vote(language: Language) -> Problem:
    """Say that the actor has no vote to take back."""
    return _problem("no_vote", _NO_VOTE, language)


def of_expiry(state: State, language: Language) -> Problem:
    """Say that a standing state cannot be entered without the date that ends it."""
    field = state.expires.name if state.expires else None
    label = state.label.get(language)
    return _problem("no_expiry", _NO_EXPIRY, language, field=field, state=label)


def _state_words(state: State, actor: Actor) -> Text:
    return state.words if actor.roles <= {APPLICANT} else state.label


def _problem(
    code: str, text: Text, language: Language, *, field: str | None = None, **values: str
) -> Problem:
    return Problem(code, text.get(language).format(**values), field)
