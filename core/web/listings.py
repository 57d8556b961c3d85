"""What everybody may read of a service's cases: its public list, and each entry (R10, R70)."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request

from core.listings import MOST, Listed, Listings
from core.manifest import Listing
from core.places import Place
from core.plugins import Plugin
from core.web.access import anyone
from core.web.answers import StoredFile, answer_words, joined, stored_files
from core.web.happenings import place_names
from core.web.language import language, words
from core.web.visit import office, service_here, visit
from forms.definition import Form
from forms.fields import Field

bp = Blueprint("listings", __name__)
_PAGE = 30
_ABOVE = ("province", "city")
_SHOWN = ("image/jpeg", "image/png", "image/webp")


@dataclass(frozen=True, slots=True)
class Line:
    """One public answer of an entry, in words."""

    field: Field
    label: str
    text: str
    value: Any
    pictures: tuple[StoredFile, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """An entry as the list and its own page show it."""

    listed: Listed
    form: Form

    def line(self, name: str) -> Line | None:
        """Return one answer; None where it was not given."""
        field, value = self.form.fields.get(name), self.listed.answers.get(name)
        if field is None or value is None or not field.public:
            return None
        around = office().around(language(), visit().place)
        files = (each for each in stored_files(field, value) if each.media_type in _SHOWN)
        said = answer_words(field, value, around)
        return Line(field, words(field.label), said, value, tuple(files))

    def said(self, name: str) -> str:
        """Return one answer in words, "" where it was not given."""
        line = self.line(name)
        return line.text if line else ""

    def gist(self, names: Iterable[str]) -> str:
        """Return several answers in a line."""
        return " · ".join(filter(None, map(self.said, names)))

    @property
    def lines(self) -> list[Line]:
        """Every answer given, in the form's order."""
        return [line for name in self.form.fields if (line := self.line(name))]

    def holds(self, asked: Mapping[str, str], sought: Iterable[str]) -> bool:
        """Tell whether it has these choices, and each of these words somewhere in its answers."""
        if not all(chosen in _chosen(self.listed.answers.get(by)) for by, chosen in asked.items()):
            return False
        text = _plain(" ".join(line.text for line in self.lines))
        return all(word in text for word in sought)


@bp.get("/<place>/<plugin>/list/")
@anyone
def index(place: str, plugin: str) -> str:  # noqa: ARG001
    """Show the list, narrowed by choices (`?kind=…`) and words (`?q=…`), a page of 30."""
    service, listing = _here(plugin)
    here, form = visit().place, service.forms[service.workflows[listing.workflow].form]
    every = [row for row in _rows(service, listing) if _is_shown(row.listed, here, listing)]
    asked = {by: request.args[by] for by in listing.by if request.args.get(by)}
    sought = request.args.get("q", "").strip()
    offered = ((form.fields[by], _options(form.fields[by], every)) for by in listing.by)
    choices = [(field, options) for field, options in offered if len(options) > 1]
    found = [row for row in every if row.holds(asked, _plain(sought).split())]
    at = max(1, request.args.get("page", 1, int))
    return render_template(
        "listing.html",
        place=here,
        service=service,
        listing=listing,
        choices=choices,
        labels=joined([words(field.label) for field, _ in choices]),
        asked=asked,
        q=sought,
        total=len(every),
        cut=len(every) >= MOST,
        count=len(found),
        rows=found[(at - 1) * _PAGE : at * _PAGE],
        page=at,
        pages=-(-len(found) // _PAGE),
        names=place_names(here),
    )


@bp.get("/<place>/<plugin>/list/<case_id>/")
@anyone
def entry(place: str, plugin: str, case_id: str) -> str:  # noqa: ARG001
    """Show everything that is public of one case."""
    service, listing = _here(plugin)
    item = visit().case_item
    if item is None or item["plugin"] != plugin or item["flow"] != listing.workflow:
        abort(404)
    found = Listings(office().ports.store).get(item["county"], plugin, listing.workflow, item)
    if found is None or not _is_shown(found, visit().place, listing):
        abort(404)
    row = Row(found, office().offers.definitions.form(found.form))
    return render_template(
        "listed.html", place=visit().place, service=service, listing=listing, row=row
    )


def _here(plugin: str) -> tuple[Plugin, Listing]:
    service = service_here(plugin)
    listing = service.manifest.listing
    if listing is None:
        abort(404)
    return service, listing


def _rows(service: Plugin, listing: Listing) -> Iterator[Row]:
    """Yield the county's entries, then those of what lies above it."""
    here, forms = visit().place, office().offers.definitions
    above = [slug for slug, kind, _ in here.line if kind in _ABOVE]
    for scope in dict.fromkeys((here.county, *reversed(above))):
        for each in Listings(office().ports.store).of(scope, service.id, listing.workflow):
            yield Row(each, forms.form(each.form))


def _is_shown(listed: Listed, here: Place, listing: Listing) -> bool:
    """Tell whether an entry belongs to a place: filed there, beneath it, or above it for all."""
    whole = bool(listing.across) and here.at(listing.across) in listed.reach
    return whole or listed.place in here.path or here.slug in listed.reach


def _options(field: Field, rows: Iterable[Row]) -> list[tuple[str, str]]:
    """Return the choices that some entry has, in the form's order."""
    there = {value for row in rows for value in _chosen(row.listed.answers.get(field.name))}
    return [(each.value, words(each.label)) for each in field.choices if each.value in there]


def _chosen(value: Any) -> list[str]:
    return [] if value is None else value if isinstance(value, list) else [str(value)]


def _plain(text: str) -> str:
    """Return text as it is compared: however wide or large it was typed.

    Chinese needs no words cut out for this: what is sought is found wherever it stands.
    """
    return unicodedata.normalize("NFKC", text).casefold()
