"""Filling in a form and handing it in: a new case."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import Blueprint, abort, current_app, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import generate_csrf

from core.case_items import Case
from core.definitions import UnknownDefinition
from core.drafts import Draft, DraftMoved
from core.filings import Different, Filing
from core.limits import TooOften
from core.lookups import asks_plugins
from core.moments import local_date
from core.plugins import Plugin, PluginFailed
from core.readers import closed_to, may_read
from core.store import Busy
from core.web.access import anyone, is_applicant_of, is_officer_of
from core.web.beginnings import begun_here, led_to
from core.web.filling import (
    Filling,
    around_here,
    draft_url,
    moved_on,
    settled,
    tell_next,
    wants_in,
)
from core.web.given_answers import given_answers
from core.web.kept_pages import CASE_MARK, CSRF_MARK, KeptPages
from core.web.language import choose_look, language, type_size
from core.web.own_drafts import may_open, own_drafts
from core.web.paper import Paper
from core.web.receipts import follow_up, knows_receipt, remember_receipt
from core.web.signed_cases import fresh_case
from core.web.visit import count_try, office, service_here, visit
from core.web.words import answer_words, words
from forms.carrying import carry
from forms.definition import Form
from workflows.case import Refused
from workflows.definition import APPLICANT

bp = Blueprint("filing", __name__)


@bp.get("/<place>/<plugin>/")
@anyone
def start(place: str, plugin: str) -> ResponseReturnValue:
    """Show the first page of a service's form, with a fresh case id signed into it.

    Where the public cannot begin, lead to the first page that the service has for it, or its list.
    """
    page = led_to(service_here(plugin))
    if page:
        return redirect(f"{request.script_root}/{place}/{plugin}/{page}/")
    return _first_page(begun_here(plugin))


@bp.get("/<place>/<plugin>/new/<workflow>/")
@anyone
def start_new(place: str, plugin: str, workflow: str) -> str:  # noqa: ARG001 — the visit has read it
    """Show whoever may begin a case of another workflow the first page of its form."""
    return _first_page(begun_here(plugin, workflow, ask=True))


def _first_page(service: Plugin) -> str:
    here, plugin = visit().place, service.id
    place = here.slug
    begun = own_drafts().begun(place, plugin)
    paper = _paper(service, "", {"case": CASE_MARK, "form": service.form.hash})
    paper.answers = given_answers(paper.form, paper.around)

    def rendered() -> str:
        return render_template(
            "form_page.html", paper=paper, place=here, begun=begun, csrf_token=lambda: CSRF_MARK
        )

    kept: KeptPages = current_app.extensions["kehou_pages"]
    own = visit().person or begun or paper.answers or asks_plugins(service.form)
    pages = KeptPages() if own else kept  # what somebody sees is kept for nobody
    today = local_date(office().ports.clock.now())
    looks = (language(), type_size(), request.host_url, request.script_root)
    signed = fresh_case(place, plugin, service.entry)
    key = (service.form.hash, here.slug, here.v, today, *looks)
    return pages.get(key, rendered, csrf=generate_csrf(), case=signed)


@bp.post("/<place>/<plugin>/")
@anyone
def hand_in(place: str, plugin: str) -> ResponseReturnValue:  # noqa: ARG001 — the visit has read it
    """Take in the first page. The same form handed in twice gives one case."""
    return _first_posted(begun_here(plugin))


@bp.post("/<place>/<plugin>/new/<workflow>/")
@anyone
def hand_in_new(
    place: str,  # noqa: ARG001 — the visit has read it
    plugin: str,
    workflow: str,
) -> ResponseReturnValue:
    """Take in the first page of a case of another workflow."""
    return _first_posted(begun_here(plugin, workflow, ask=True))


def _first_posted(service: Plugin) -> ResponseReturnValue:
    here = visit()
    if not here.case_id:
        abort(400)
    if not _filled_in(here.case_id):  # not even whether it is the same is told
        return _to_case(here.case_id) if here.case_item else abort(400)
    draft = _found_draft(service)
    if draft.v and not (may_open(draft) or _is_unanswered(draft)):
        abort(404)
    if not draft.v:  # what the address brought along to other pages than the first
        draft = replace(draft, answers=given_answers(service.form, around_here()))
    return _posted(service, draft)


@bp.route("/<place>/<plugin>/draft/<case_id>/", methods=["GET", "POST"])
@anyone
def draft(place: str, plugin: str, case_id: str) -> ResponseReturnValue:
    """Show a page of a draft, or take one in."""
    found = office().drafts.of_item(visit().draft_item)
    service = _service_of(plugin, found)
    if found and ((found.place, found.plugin) != (place, plugin) or not may_open(found)):
        found = None
    taken_in = visit().case_item is not None
    if found is None and not (taken_in and _knows(case_id)):
        return render_template("no_draft.html", place=visit().place, service=service), 404
    if request.method == "POST":
        return _posted(service, found or _found_draft(service))
    if found is None or taken_in:
        return redirect(url_for("case_pages.show", place=place, case_id=case_id))
    filling = _filling(service, found)
    filling.paper.open(request.args.get("page", found.page, int))
    return filling.opened(request.args.get("check", ""))


@bp.post("/<place>/<plugin>/draft/<case_id>/discard")
@anyone
def discard(place: str, plugin: str, case_id: str) -> ResponseReturnValue:  # noqa: ARG001
    """Throw a draft away, as its owner asked."""
    found = office().drafts.get(case_id)
    if found is None or not may_open(found) or found.place != place:
        abort(404)
    try:
        office().drafts.discard(found)
    except DraftMoved as moved:  # its address leads to it, or to the case it is by now
        if moved.draft.v:
            tell_next(moved_on())
        return redirect(draft_url(found), 303)
    own_drafts().forget(case_id)
    return redirect(url_for("portal.home", place=place))


def _service_of(plugin: str, draft: Draft | None) -> Plugin:
    """Return the service as it is begun with the form of a draft, or of the case it became."""
    item = visit().case_item
    form = draft.form if draft else item["form"] if item else ""
    service = service_here(plugin)
    known = service.begun_with(office().offers.definitions.form(form).id) if form else service
    return begun_here(plugin, known.entry)


def _posted(service: Plugin, draft: Draft) -> ResponseReturnValue:
    """Take in a page of a new form: turn it, keep it, or hand the whole in."""
    choose_look(request.form.get("action", ""))
    filling = _filling(service, draft)
    stood = visit().case_item
    if stood is not None:
        return _sent_again(service, filling, Case(stood, office().vault))
    older = _older_form(service, filling.paper)
    if older is not None:
        return _kept_as_typed(filling, older)
    filling.paper.read()
    answer = settled(filling)
    if answer is not None:
        return answer
    data = filling.paper.check_all()
    return filling.onward("all") if data is None else _taken_in(service, filling, data)


def _sent_again(service: Plugin, filling: Filling, case: Case) -> ResponseReturnValue:
    """Answer a page of a form that was taken in already: say whether it is the same again.

    Only what differs of it is shown, to who filled it in, and nothing kept: a draft of it would
    count the case's own files among what can be thrown away.
    """
    paper = filling.paper
    paper.answers = dict(case.answers)
    if _older_form(service, paper) is None:
        paper.read()
        data = paper.check_all() if wants_in(paper) else None
        if paper.stored:
            office().drafts.let_go(case.id, paper.stored)
        if data is not None:
            return _taken_in(service, filling, data)
    return _to_case(case.id)


def _to_case(case_id: str) -> ResponseReturnValue:
    """Lead to a case; whoever is not known there is asked for its receipt."""
    return redirect(url_for("case_pages.show", place=visit().place.slug, case_id=case_id))


def _older_form(service: Plugin, paper: Paper) -> Form | None:
    """Return the form that the posted page was made from, where that is no longer the one."""
    posted = request.form.get("form", paper.form.hash)
    if posted == paper.form.hash:
        return None
    try:
        form = office().offers.definitions.form(posted)
    except UnknownDefinition:
        abort(400)
    if form.id != service.form.id:
        abort(400)
    return form


def _kept_as_typed(filling: Filling, form: Form) -> ResponseReturnValue:
    """Save a page under the form it was typed into; the next page says what has changed since."""
    draft = filling.draft
    filling.paper.form = form
    filling.paper.answers = dict(draft.answers or {}) if draft.form == form.hash else {}
    filling.paper.read()
    return filling.onward()


def _found_draft(service: Plugin) -> Draft:
    """Return the draft of this visit's case, a blank one where there is none."""
    here, drafts = visit(), office().drafts
    place, person = here.place, here.person
    holder = person.holder if person else ""
    form = service.form.hash
    blank = Draft(here.case_id, service.id, place.slug, place.county, form, holder=holder)
    return drafts.of_item(here.draft_item) or drafts.start(here.draft_item, blank)


def _is_unanswered(draft: Draft) -> bool:
    """Tell whether only a first page was saved, by nobody known: its answer may have been lost.

    Whoever posts it has filled it in here, and it takes the place of what was saved.
    """
    return draft.v == 1 and not draft.holder


def _filling(service: Plugin, draft: Draft) -> Filling:
    """Open a draft on the form in force; what was typed under an older one is carried over."""
    signed = {"case": request.form["case"]} if "case" in request.form else {}
    paper = _paper(service, draft.id, signed)
    paper.answers, paper.reason = dict(draft.answers or {}), draft.reason
    paper.entered = draft.entered
    if draft.form != service.form.hash:
        before = office().offers.definitions.form(draft.form)
        mapping = service.manifest.answer_map(service.form.id)
        paper.news = carry(before, service.form, draft.answers or {}, paper.around, mapping)
        paper.answers = dict(paper.news.answers)
    return Filling(paper, draft, draft_url(draft))


def _paper(service: Plugin, case_id: str, hidden: Mapping[str, str]) -> Paper:
    here = visit().place
    return Paper(
        service.form,
        around_here(),
        case_id,
        here.county,
        title=words(service.form.title if service.entry else service.manifest.name),
        summary=words(service.manifest.summary),
        hidden=hidden,
        notice="" if service.entry else here.settings.get(service.id, {}).get("notice", ""),
        back=url_for("portal.home", place=here.slug)
        if APPLICANT in service.workflow.starters
        else url_for("desk.desk"),
    )


def _taken_in(service: Plugin, filling: Filling, data: Mapping[str, Any]) -> ResponseReturnValue:
    here, paper = visit(), filling.paper
    filing = Filing(
        here.case_id,
        service.id,
        here.place,
        service.form,
        service.workflow,
        data,
        paper.reason,
        person=here.person,
    )
    try:
        if here.person is None and here.case_item is None:
            count_try("submit")
        case = filling.taken(
            lambda ending: office().cases.submit(
                replace(filing, beside=ending), here.case_item, paper.around
            )
        )
    except DraftMoved:
        return render_template("no_draft.html", place=here.place, service=service), 404
    except Different as different:
        case, both = different.case, _both(different.case, filing, paper)
        return render_template("different.html", case=case, place=filing.place, both=both), 409
    except Refused as refused:
        return filling.refused(refused.problems)
    except (Busy, TooOften):
        return filling.busy()
    except PluginFailed:
        return filling.failed()
    if APPLICANT in service.workflow.starters and (here.case_item is None or _filled_in(case.id)):
        remember_receipt(case.id)
    own_drafts().forget(case.id)
    follow_up(case)
    return redirect(url_for("case_pages.show", place=filing.place.slug, case_id=case.id))


def _both(case: Case, filing: Filing, paper: Paper) -> list[tuple[str, str, str]]:
    """Return the answers that differ: label, what was accepted before, what came now."""
    rows = []
    for name, spec in filing.form.fields.items():
        before, now = case.answers.get(name), filing.data.get(name)
        if before != now and may_read(spec, case, visit().person):
            pair = (before, now)
            said = [answer_words(spec, each, paper.around, masked=True) for each in pair]
            rows.append((words(spec.label), said[0], said[1]))
    return rows


def _filled_in(case_id: str) -> bool:
    """Tell whether this browser or this person filled the form in, or holds its receipt."""
    here = visit()
    own = here.case_item is not None and is_applicant_of(Case(here.case_item, office().vault))
    return own or here.own_page or knows_receipt(case_id) or own_drafts().has(case_id)


def _knows(case_id: str) -> bool:
    """Tell who may send a form again that was taken in: also an officer who may read all of it.

    Not one to whom something is closed: same or other would tell a good guess.
    """
    item, person = visit().case_item, visit().person
    case = Case(item, office().vault) if item else None
    return _filled_in(case_id) or (
        case is not None
        and is_officer_of(case)
        and not closed_to(office().cases.form(case), case, person)
    )
