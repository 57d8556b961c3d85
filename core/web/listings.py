"""What everybody may read of a service's cases: its public list, and each entry (R10, R70)."""

import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, abort, render_template, request

from core.listings import MOST, Listed, Listings, public_fields
from core.manifest import Listing
from core.places import Place
from core.plugins import Plugin
from core.web.access import anyone
from core.web.answers import StoredFile, answer_words, joined, stored_files
from core.web.happenings import place_names
from core.web.language import language, words
from core.web.public_pages import kept_for_all
from core.web.visit import office, service_here, visit
from forms.fields import Field
from workflows.definition import State, Workflow

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
    workflow: Workflow

    @property
    def fields(self) -> Mapping[str, Field]:
        """What is public of it: of the case's own form first, then of its officers'."""
        return public_fields(self.workflow)

    @property
    def state(self) -> State:
        """The state that the case is in."""
        return self.workflow.states[self.listed.state]

    def line(self, name: str) -> Line | None:
        """Return one answer; None where it was not given."""
        field, value = self.fields.get(name), self.listed.answers.get(name)
        if field is None or value is None:
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
        """Every answer given, in the forms' order."""
        return [line for name in self.fields if (line := self.line(name))]

    def holds(self, asked: Mapping[str, str], sought: Iterable[str]) -> bool:
        """Tell whether it has these choices, and each of these words somewhere in its answers."""
        if not all(chosen in _chosen(self.listed.answers.get(by)) for by, chosen in asked.items()):
            return False
        words_sought = list(sought)
        text = _plain(" ".join(line.text for line in self.lines)) if words_sought else ""
        return all(word in text for word in words_sought)


def where_filed(rows: Iterable[Row], here: Place) -> dict[str, str]:
    """Return the names of the places where entries were filed, by slug: at most one read."""
    around, filed = place_names(here), {row.listed.place for row in rows}
    others = office().places.several(sorted(filed - around.keys()))
    return around | {slug: words(place.name) for slug, place in others.items()}


@bp.get("/<place>/<plugin>/list/")
@anyone
@kept_for_all
def index(place: str, plugin: str) -> str:  # noqa: ARG001
    """Show the list, narrowed by choices (`?kind=…`) and words (`?q=…`), a page of 30."""
    service, listing = _here(plugin)
    here, fields = visit().place, public_fields(service.workflows[listing.workflow])
    every = [row for row in _rows(service, listing) if _is_shown(row, listing, here)]
    every = _newest(every, listing.versions)
    asked = {by: request.args[by] for by in listing.by if request.args.get(by)}
    sought = request.args.get("q", "").strip()
    offered = ((fields[by], _options(fields[by], every)) for by in listing.by)
    choices = [(field, options) for field, options in offered if len(options) > 1]
    found = [row for row in every if row.holds(asked, _plain(sought).split())]
    at = max(1, request.args.get("page", 1, int))
    rows = found[(at - 1) * _PAGE : at * _PAGE]
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
        rows=rows,
        page=at,
        pages=-(-len(found) // _PAGE),
        names=where_filed(rows, here),
    )


@bp.get("/<place>/<plugin>/list/<public:case_id>/")
@anyone
@kept_for_all
def entry(place: str, plugin: str, case_id: str) -> str:  # noqa: ARG001
    """Show everything that is public of one case."""
    service, listing = _here(plugin)
    item = visit().case_item
    if item is None or item["plugin"] != plugin or item["flow"] != listing.workflow:
        abort(404)
    found = Listings(office().ports.store).get(item["county"], plugin, listing.workflow, item)
    row = _row(found) if found else None
    if row is None or not _is_shown(row, listing, visit().place):
        abort(404)
    return render_template(
        "listed.html",
        place=visit().place,
        service=service,
        listing=listing,
        row=row,
        versions=_versions(row, service, listing),
        filed_at=where_filed([row], visit().place).get(row.listed.place, ""),
    )


def _here(plugin: str) -> tuple[Plugin, Listing]:
    service = service_here(plugin)
    listing = service.manifest.listing
    if listing is None:
        abort(404)
    return service, listing


def _rows(service: Plugin, listing: Listing) -> Iterator[Row]:
    """Yield the county's entries, then those of what lies above it."""
    here = visit().place
    above = [slug for slug, kind, _ in here.line if kind in _ABOVE]
    for scope in dict.fromkeys((here.county, *reversed(above))):
        for each in Listings(office().ports.store).of(scope, service.id, listing.workflow):
            yield _row(each)


def _row(listed: Listed) -> Row:
    return Row(listed, office().offers.definitions.workflow(listed.workflow))


def _versions(row: Row, service: Plugin, listing: Listing) -> list[Row]:
    """Return every entry that is a version of the same thing, itself too; [] without versions."""
    if not listing.versions:
        return []
    same = _thing(row, listing.versions)
    every = (each for each in _rows(service, listing) if _is_shown(each, listing, visit().place))
    return sorted((each for each in every if _thing(each, listing.versions) == same), key=_is_over)


def _newest(rows: Iterable[Row], versions: str) -> list[Row]:
    """Return the entries without earlier versions: of each thing what is in force, or came last."""
    if not versions:
        return [*rows]
    seen: dict[str, Row] = {}
    for row in sorted(rows, key=_is_over):
        seen.setdefault(_thing(row, versions), row)
    return [*seen.values()]


def _thing(row: Row, versions: str) -> str:
    """Return what an entry is a version of."""
    answer = row.listed.answers.get(versions)
    return str(answer["value"] if isinstance(answer, Mapping) else answer)


def _is_over(row: Row) -> bool:
    return row.state.is_final


def _is_shown(row: Row, listing: Listing, here: Place) -> bool:
    """Tell whether an entry belongs to a place: filed there, beneath it, or above it for all.

    One whose title nobody filled in stands in no list.
    """
    listed = row.listed
    told = listed.answers.get(listing.title) is not None
    whole = bool(listing.across) and here.at(listing.across) in listed.reach
    return told and (whole or listed.place in here.path or here.slug in listed.reach)


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
