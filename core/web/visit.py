"""Who comes, where to, about which case: read in one round trip before each page."""

from dataclasses import dataclass
from typing import Any, cast

from flask import Flask, abort, current_app, g, make_response, render_template, request

from core.api_tokens import Named, Token, lent, named
from core.case_items import Case, case_key
from core.drafts import draft_key
from core.numbers import is_number
from core.office import Office
from core.people import MANAGERS, Person, person_key
from core.places import SLUG, Place, UnknownPlace, context_key
from core.plugins import Plugin
from core.sign_in import session_key
from core.store import Item, Key
from core.web.signed_cases import signed_case

API = "/api/v1/"
COOKIE = "kehou"
_FILES_EACH = 4
"""How many files are taken in an hour for each submission that is."""
_FIRST_PAGE = ("filing.hand_in", "filing.hand_in_new")
_EDITED = "editing.edit"
_WITH_DRAFT = (*_FIRST_PAGE, "filing.draft", _EDITED)


@dataclass(slots=True)
class Visit:
    """What one request is about."""

    person: Person | None = None
    at: Place | None = None
    case_item: Item | None = None
    draft_item: Item | None = None
    own_draft_item: Item | None = None
    """The draft in which this officer changes the case."""
    case_id: str = ""
    own_page: bool = False
    """Whether the page that carries the case id was given to this browser."""
    token: Token | None = None
    """The token by which another system comes; `person` is then whoever lends it their powers."""

    @property
    def place(self) -> Place:
        """The place in the address; 404 where there is none."""
        if self.at is None:
            abort(404)
        return self.at

    @property
    def case(self) -> Case:
        """The case in the address; 404 where there is none, or not at this place."""
        item = self.case_item
        if item is None or (self.at and item["place"] != self.at.slug):
            abort(404)
        return Case(item, office().vault)


def office() -> Office:
    """Return the running core."""
    return cast("Office", current_app.extensions["kehou"])


def hang_anew() -> None:
    """Have open cases hung on the right desks after the reply, as a seat was filled or emptied."""
    office().ports.background.soon(office().hanging.work_off)


def visit() -> Visit:
    """Return what this request is about; nothing yet where it was refused on arrival."""
    if "visit" not in g:
        g.visit = Visit()
    return cast("Visit", g.visit)


def service_here(plugin: str) -> Plugin:
    """Return a service that is in force at the place in the address; 404 where it is not.

    Before refusing it looks again, for the place may have been remembered from before a switch.
    """
    here = visit()
    if plugin not in here.place.services:
        here.at = office().places.fresh(here.place.slug)
    service = office().offers.at(here.place, plugin)
    if service is None:
        abort(404)
    if plugin not in here.place.services:
        if is_api():
            abort(404)
        page = render_template("closed.html", place=here.place, service=service)
        abort(make_response(page, 404))
    return service


def count_try(kind: str) -> None:
    """Count something that nobody signed in for, by address and hour; raise TooOften."""
    running = office()
    limit, now = current_app.config["SUBMISSIONS_AN_HOUR"], running.ports.clock.now()
    running.limits.count(kind, request.remote_addr or "", limit, now)


def count_file() -> None:
    """Count a file on its way in, by person, else address, and hour; raise TooOften."""
    running, person = office(), visit().person
    limit, now = current_app.config["SUBMISSIONS_AN_HOUR"], running.ports.clock.now()
    limit *= _FILES_EACH
    running.limits.count("file", person.id if person else request.remote_addr or "", limit, now)


def init_app(app: Flask) -> None:
    """Read each visit before its page."""
    app.before_request(_arrive)


def _arrive() -> None:
    g.visit = here = Visit()
    arguments: dict[str, Any] = dict(request.view_args or {})
    if request.endpoint in (None, "static", "assets.asset"):
        return
    sent = _token_sent()
    session = None if is_api() else session_key(request.cookies.get(COOKIE, ""))
    keys = _who_comes(sent, session)
    slug = arguments.get("place")
    if slug and not SLUG.fullmatch(slug):
        abort(404)
    if slug:
        # Who has signed in costs a round trip anyway, and sees a switch they just made.
        here.at = None if session else office().places.remembered(slug)
        if here.at is None:
            keys["place"] = context_key(slug)
    here.case_id = str(arguments.get("case_id") or "")
    if request.endpoint in _FIRST_PAGE:
        here.case_id, here.own_page = signed_case()
    if here.case_id and is_number(here.case_id):
        keys["case"] = case_key(here.case_id)
        if request.endpoint in _WITH_DRAFT:
            keys["draft"] = draft_key(here.case_id)
        if request.endpoint == _EDITED and session:
            keys["own_draft"] = draft_key(here.case_id, session[0].removeprefix("P#"))
    found = dict(zip(keys, office().ports.store.get(*keys.values()), strict=True)) if keys else {}
    _settle(here, found, slug)
    if sent and here.at:
        _lend(here, sent, found)


def _who_comes(sent: Named | None, session: Key | None) -> dict[str, Key]:
    """Return where it stands who comes, and by what right."""
    if sent:
        return {"token": sent.key, "person": person_key(sent.person)}
    if session:
        return {"session": session, "person": person_key(session[0].removeprefix("P#"))}
    return {}


def is_api() -> bool:
    """Tell whether this is asked of the JSON API, where only a token says who comes."""
    return request.path.startswith(API)


def _token_sent() -> Named | None:
    if not is_api():
        return None
    kind, _, text = request.headers.get("Authorization", "").partition(" ")
    return named(text.strip()) if kind.lower() == "bearer" else None


def _lend(here: Visit, sent: Named, found: dict[str, Item | None]) -> None:
    """Let a good token of this county in, with what its maker still may do here."""
    token, item = office().tokens.opened(found.get("token"), sent), found.get("person")
    if token is None or item is None or here.place.county != token.county:
        return
    here.person = lent(office().people.of_item(item), token.label, here.place.path, MANAGERS)
    here.token = token if here.person else None


def _settle(here: Visit, found: dict[str, Item | None], slug: str | None) -> None:
    item = found.get("person")
    person = office().people.of_item(item) if item and "session" in found else None
    if person and office().door.is_open(found.get("session"), person):
        here.person = person
    if slug and here.at is None:
        try:
            here.at = office().places.remember(slug, found.get("place"))
        except UnknownPlace:
            abort(404)
    here.case_item = found.get("case")
    here.draft_item = found.get("draft")
    here.own_draft_item = found.get("own_draft")
