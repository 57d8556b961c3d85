"""Who may open a page. Every route carries one of these rules; a test fails for one without."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import abort, redirect, request, url_for
from werkzeug.wrappers import Response

from core.acting import is_concerned
from core.case_items import Case
from core.people import MANAGERS, Person
from core.places import Place
from core.plugins import Plugin
from core.web.receipts import knows_receipt
from core.web.visit import office, visit
from workflows.definition import APPLICANT

P = ParamSpec("P")
R = TypeVar("R")


def anyone(view: Callable[P, R]) -> Callable[P, R]:
    """Let everybody in."""
    view.rule = "anyone"  # type: ignore[attr-defined]
    return view


def signed_in(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let in who has signed in; send others to the sign-in page and back."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        if visit().person is None:
            back = request.full_path.rstrip("?") if request.method == "GET" else "/my/"
            return redirect(url_for("sign_in.ask", next=back))
        return view(*args, **kwargs)

    guarded.rule = "signed_in"  # type: ignore[attr-defined]
    return guarded


def manager(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let in who manages the place in the address, or the whole for pages without one."""

    @wraps(view)
    def checked(*args: P.args, **kwargs: P.kwargs) -> R:
        if not manages(visit().place):
            abort(403)
        return view(*args, **kwargs)

    guarded = signed_in(checked)
    guarded.rule = "manager"  # type: ignore[attr-defined]
    return guarded


def demo_only(view: Callable[P, R]) -> Callable[P, R]:
    """Show the page in the sample county only."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R:
        if not office().demo:
            abort(404)
        return view(*args, **kwargs)

    guarded.rule = "demo_only"  # type: ignore[attr-defined]
    return guarded


def manages(place: Place) -> bool:
    """Tell whether the visitor holds a managing role here or above, in their own name."""
    person = visit().person
    return bool(person and person.own_roles_over(place.path) & MANAGERS)


def is_officer_of(case: Case) -> bool:
    """Tell whether the visitor has to do with this case as an officer."""
    person = visit().person
    return bool(person and is_concerned(office().cases.workflow(case), case, person))


def works_desk(service: Plugin, place: Place) -> bool:
    """Tell whether the visitor works a desk of a service at this place or above it."""
    person = visit().person
    roles = {each.id for each in service.manifest.roles}
    return bool(person and person.roles_over(place.path) & roles)


def of_the_case(view: Callable[P, R]) -> Callable[P, R | Response]:
    """Let in who has signed in, and who follows the case in the address up by its code."""
    signed = signed_in(view)

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> R | Response:
        item = visit().case_item
        by_code = item is not None and bears(Case(item, office().vault))
        return view(*args, **kwargs) if by_code else signed(*args, **kwargs)

    guarded.rule = "signed_in"  # type: ignore[attr-defined]
    return guarded


def bears(case: Case) -> bool:
    """Tell whether this browser holds the code of a case that is followed up by one."""
    return bool(case.item.get("coded")) and knows_receipt(case.id)


def acting(case: Case) -> Person | None:
    """Return who acts on a case: who has signed in, or, by its code, whoever handed it in."""
    person = visit().person
    if not bears(case) or (person and (is_officer_of(case) or is_applicant_of(case))):
        return person
    return Person(APPLICANT, "", "", case.item["holder"], (), 0)


def is_applicant_of(case: Case) -> bool:
    """Tell whether the case is the visitor's own."""
    person = visit().person
    return bool(person and case.item["holder"] and person.holder == case.item["holder"])
