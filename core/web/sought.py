"""What an officer looked for of late, so that Back finds it again: sealed, in the session's cookie.

The address of the results has a random name only; the text stands in no address, no log and no
store, can be opened by nobody else, and is forgotten with the session, or after half an hour.
"""

import json
import secrets
from datetime import timedelta

from flask import abort, request, session

from core.moments import stamp
from core.people import Person
from core.privacy import EVERYWHERE
from core.web.visit import office
from forms.canonical import canonical

LIFE = timedelta(minutes=30)
_KEPT = 4
"""How many of the latest are kept: a cookie holds 4 kB."""
_NAME = "sought"
Said = tuple[str, str]
"""The text, and the county it was looked for in."""


def keep_sought(person: Person, text: str, county: str) -> str:
    """Keep what is looked for; return its name, the same where it was looked for just before."""
    kept = _kept(person)
    now = stamp(office().ports.clock.now())
    name = next((each for each, said in kept.items() if said == (text, county)), "")
    name = name or secrets.token_urlsafe(6)
    sealed = office().vault.seal(EVERYWHERE, _bound(person, name), canonical([text, county, now]))
    others = [each for each in session.get(_NAME, ()) if each[0] in kept and each[0] != name]
    session[_NAME] = [*others, [name, sealed]][-_KEPT:]
    return name


def sought_before(person: Person, name: str) -> Said | None:
    """Return what was looked for under a name, None where it is forgotten."""
    return _kept(person).get(name)


def sought_in_list(person: Person) -> str:
    """Return the text that the address's `seek` narrows a list by; 404 where it is forgotten."""
    name = request.values.get("seek", "")
    said = sought_before(person, name) if name else ("", "")
    return said[0] if said else abort(404)


def is_forgotten(person: Person) -> bool:
    """Tell whether the address narrows a list by a text that is forgotten by now."""
    name = request.args.get("seek", "")
    return bool(name) and sought_before(person, name) is None


def _kept(person: Person) -> dict[str, Said]:
    since = stamp(office().ports.clock.now() - LIFE)
    kept: dict[str, Said] = {}
    for name, sealed in session.get(_NAME, ()):
        try:
            opened = office().vault.open(EVERYWHERE, _bound(person, name), sealed)
        except ValueError:  # somebody else's, of before they signed in
            continue
        text, county, at = json.loads(opened)
        if at > since:
            kept[name] = text, county
    return kept


def _bound(person: Person, name: str) -> str:
    return f"sought|{person.id}|{name}"
