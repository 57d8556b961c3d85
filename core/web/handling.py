"""How a case is being handled, for its officers: who has it, who has agreed, what can be undone."""

from dataclasses import dataclass

from core.acting import who_acts
from core.case_items import Case
from core.people import Person
from core.places import Place
from core.sharing import on_desk
from core.undoing import may_take_back, minutes_left
from core.web.happenings import opened_names, place_names, who_words
from core.web.language import translate
from core.web.sheet import CaseSheet
from core.web.trays import name_of
from core.web.visit import office
from core.web.words import words
from workflows.definition import Transition


@dataclass(frozen=True, slots=True)
class Ballot:
    """The votes for one move: whose, how many more it needs, whether one's own is among them."""

    move: Transition
    names: tuple[str, ...]
    missing: int
    is_mine: bool
    short: int
    """How many more people there would have to be, 0 where there are enough."""


@dataclass(frozen=True, slots=True)
class Handling:
    """What one officer sees, and may do, beside the moves."""

    taken_by: str
    is_mine: bool
    may_take: bool
    may_give_back: bool
    may_hand: bool
    stood_in: str
    """Whom this officer acts for here, where they act as a deputy only."""
    passed_up: str
    ballots: tuple[Ballot, ...]


def handling_of(sheet: CaseSheet, person: Person, place: Place) -> Handling:
    """Return how a case is being handled, as this person sees it."""
    case, sharing = sheet.case, office().sharing
    taken = case.item["taken"]
    mine = bool(taken) and taken["by"] == person.id
    above = sharing.is_above(case, person)
    shared = _holders(case) > 1
    by = {role for each in sheet.workflow.leaving(case.state) for role in each.by}
    who, names = who_acts(case, person, by)
    return Handling(
        taken_by="".join(opened_names(sheet, taken["n"], taken["names"])) if taken else "",
        is_mine=mine,
        may_take=not taken and shared and on_desk(case, person) and not case.item["twin"],
        may_give_back=bool(taken) and (mine or above),
        may_hand=shared and (mine or above),
        stood_in=names[1] if "for" in who else "",
        passed_up=_passed_up(case, place),
        ballots=tuple(
            _ballot(sheet, each, person)
            for each in sheet.workflow.leaving(case.state)
            if each.quorum > 1
        ),
    )


def undo_minutes(case: Case, person: Person | None) -> int:
    """Return how many minutes this person has to take the latest move back, 0 for none."""
    now = office().ports.clock.now()
    if person is None or not may_take_back(case, person, now):
        return 0
    return minutes_left(case, now)


def _holders(case: Case) -> int:
    """Return how many hold the desk a case lies on: one alone needs no taking up."""
    if not case.item["desk"]:
        return 0
    return office().cases.ledger.seats.held(case.item["county"], *case.item["desk"])


def _passed_up(case: Case, place: Place) -> str:
    desk, seat = case.item["desk"], case.item["seat"]
    if not desk or desk == seat:
        return ""
    names = place_names(place)
    seat_place, desk_place = (names.get(slug) or name_of(slug) for slug in (seat[1], desk[1]))
    told = {"seat": seat_place, "desk": desk_place}
    return translate("%(seat)s暂无人办理，由%(desk)s代办") % told


def _ballot(sheet: CaseSheet, move: Transition, person: Person) -> Ballot:
    case = sheet.case
    given = case.item["votes"].get(move.name, ())
    who, _ = who_acts(case, person, move.by)
    people = {who["by"], who.get("for", who["by"])}
    counts = office().cases.ledger.seats.counts(case.item["county"])
    there = sum(counts.get(f"{role}@{place}", 0) for role in move.by for place in case.reach)
    return Ballot(
        move=move,
        names=tuple(
            who_words(opened_names(sheet, vote["n"], vote["names"]), deputy=bool(vote["for"]))
            for vote in given
        ),
        missing=move.quorum - len(given),
        is_mine=any({vote["by"], vote["for"]} & people for vote in given),
        short=max(0, move.quorum - there),
    )


def ballot_words(ballot: Ballot) -> str:
    """Return how a vote stands: 同意拨付：需要 2 人，已有 1 人同意."""
    told = {
        "move": words(ballot.move.label),
        "all": ballot.move.quorum,
        "n": ballot.move.quorum - ballot.missing,
    }
    return translate("“%(move)s”要 %(all)s 人同意，已有 %(n)s 人") % told
