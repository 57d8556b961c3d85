"""Cases handed in and moved by machine."""

from typing import Any

from flask import Response

from core.case_items import Case
from core.filings import Deed, Different, Filing, Stale, Taken
from core.numbers import is_number
from core.people import Person
from core.plugins import Plugin, PluginFailed
from core.readers import closed_to
from core.web.filling import failed_words
from core.web.json_api.cases import answered_case, case_here
from core.web.json_api.entry import (
    MOST_TOLD,
    bp,
    may,
    refuse,
    refuse_answers,
    sent_member,
    sent_object,
    token,
)
from core.web.json_api.inline_files import InlineFiles
from core.web.language import language, translate
from core.web.visit import office, service_here, visit
from forms.evaluation import evaluate
from forms.problems import Problem
from forms.text_types import tidy
from workflows.case import Refused
from workflows.definition import APPLICANT, SUBMIT, Transition

_REASON, _COMMENT = 1000, 2000


@bp.put("/<place>/<plugin>/cases/<case_id>")
@token("submit")
def hand_in(place: str, plugin: str, case_id: str) -> Response:  # noqa: ARG001
    """Take in a case under an id that the other system made: the same again is the same case."""
    if not is_number(case_id):
        words = translate("办件号是 15 位数字加 1 位校验码（ISO 7064 MOD 11,10）")
        refuse_answers([Problem("case_id", words, "case_id")])
    sent = sent_object(("workflow", "answers", "reason"))
    service = _begun(plugin, sent_member(sent, "workflow", str, ""))
    reason = tidy(sent_member(sent, "reason", str, ""), lines=True)[:_REASON]
    given, stood = sent_member(sent, "answers", dict, {}), visit().case_item
    files = InlineFiles(visit().place.county, case_id)
    case = _taken_in(service, given, reason, files)
    return answered_case(case, 200 if stood else 201, office().receipt_code(case))


def _taken_in(service: Plugin, given: dict[str, Any], reason: str, files: InlineFiles) -> Case:
    here, around = visit(), office().around(language(), visit().place, visit().person)
    outcome = evaluate(service.form, files.taken(service.form.fields.values(), given), around)
    said = [*files.refused, *(e for e in outcome.problems if e.level == "block" or not reason)]
    if said:
        refuse_answers(said)
    files.keep(outcome.data)
    person = None if APPLICANT in service.workflow.starters else here.person
    filing = Filing(
        here.case_id,
        service.id,
        here.place,
        service.form,
        service.workflow,
        outcome.data,
        reason,
        person=person,
    )
    try:
        return office().cases.submit(filing, here.case_item, around)
    except Different:
        refuse(
            409, "different", translate("这个办件号下已有另一份内容，没有改动它。请换一个办件号")
        )
    except Refused as refused:
        refuse_answers(refused.problems)
    except PluginFailed:
        refuse(503, "plugin_failed", failed_words())


@bp.post("/<place>/<plugin>/cases/<case_id>/moves/<move>")
@token("move")
def move(place: str, plugin: str, case_id: str, move: str) -> Response:  # noqa: ARG001
    """Make a move at the version that the other system has seen."""
    case = case_here(plugin)
    sent = sent_object(("version", "comment", "marks", "step", "amend"))
    if "version" not in sent:
        words = translate("请写上您看到的 version")
        refuse_answers([Problem("required", words, "version")])
    transition, person = office().cases.workflow(case).find(move, case.state), visit().person
    if person is None or transition is None or move == SUBMIT:
        refuse(
            409, "not_now", translate("现在不能这样办。请先取这件办件，看能办什么"), version=case.v
        )
    files = InlineFiles(case.item["county"], case.id)
    deed = _deed(case, transition, sent, person, files)
    files.keep({"step": deed.step, "amend": deed.amend})
    return answered_case(_moved(case, deed), answers=may("read"))


def _deed(
    case: Case, transition: Transition, sent: dict[str, Any], person: Person, files: InlineFiles
) -> Deed:
    marks = [each for each in sent_member(sent, "marks", list, []) if isinstance(each, str)]
    return Deed(
        transition.name,
        sent_member(sent, "version", int, 0),
        person,
        _step(case, transition, sent_member(sent, "step", dict, {}), files),
        tidy(sent_member(sent, "comment", str, ""), lines=True)[:_COMMENT],
        tuple(marks),
        _amend(case, transition, sent_member(sent, "amend", dict, {}), person, files),
    )


def _moved(case: Case, deed: Deed) -> Case:
    around = office().around(language(), visit().place, visit().person)
    try:
        return office().cases.move(case, deed, around)
    except Stale as stale:
        words = translate("这件办件刚才有变化，请取最新的再办")
        refuse(409, "stale", words, version=stale.case.v)
    except Taken:
        refuse(409, "taken", translate("改后的内容已由另一件登记，不能这样改，请核对"))
    except Refused as refused:
        refuse_answers(refused.problems)
    except PluginFailed:
        refuse(503, "plugin_failed", failed_words())


def _step(
    case: Case, transition: Transition, given: dict[str, Any], files: InlineFiles
) -> dict[str, Any]:
    """Return the clean answers to a move's own form."""
    if not transition.form:
        if given:
            refuse_answers([Problem("unknown_member", translate("没有这一项"), "step")])
        return {}
    form = office().cases.workflow(case).forms[transition.form]
    around = office().around(language(), visit().place, visit().person)
    outcome = evaluate(form, files.taken(form.fields.values(), given), around)
    blocking = [*files.refused, *(each for each in outcome.problems if each.level == "block")]
    if blocking:
        refuse_answers(blocking)
    return dict(outcome.data)


def _amend(
    case: Case, transition: Transition, given: dict[str, Any], person: Person, files: InlineFiles
) -> dict[str, Any]:
    """Return the raw answers that a move changes; refuse those it may not."""
    form = office().cases.form(case)
    open_to = set(transition.amend) - closed_to(form, case, person)
    odd = [each for each in given if each not in open_to][:MOST_TOLD]
    if odd:
        refuse_answers(Problem("unknown_field", translate("这一步不能改这一项"), e) for e in odd)
    answers = files.taken((form.fields[each] for each in given), given)
    if files.refused:
        refuse_answers(files.refused)
    return answers


def _begun(plugin: str, workflow: str) -> Plugin:
    """Return the service as its cases begin in a workflow that the token may begin."""
    service = service_here(plugin)
    if workflow and workflow not in service.workflows:
        refuse_answers([Problem("workflow", translate("没有这个办理流程"), "workflow")])
    service, person = service.begun_in(workflow), visit().person
    by = service.workflow.starters
    if APPLICANT not in by and not (person and person.roles_over(visit().place.path) & set(by)):
        refuse(403, "not_yours", translate("这类办件由别的岗位发起，不能用这个令牌提交"))
    return service
