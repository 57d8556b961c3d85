"""Half a day that a venue closes at short notice: its slots at once, then its visits one by one."""

from contextlib import suppress
from datetime import date

from core.api import CaseView, Context, Write
from core.claims.offers import held_in
from core.claims.openings import Undecided, slots_on
from core.claims.slots import Slot
from plugins.bookings.free import instead
from plugins.bookings.holding import capacity
from plugins.bookings.venues import venue

CLOSING, SHUT = "closing", "shut"
_NOON = "12:00"


def shut(context: Context, case: CaseView) -> list[Write]:
    """Return what takes the slots of a closing off offer, or brings them back; () once past."""
    by = {SHUT: 1, "reopened": -1}.get(case.state, 0)
    slots, ends = capacity(context), _ends(context, case)
    return [slots.shut(each, {"ends": ends[each]}, by) for each in ends if by]


def call_off(context: Context, case: CaseView) -> None:
    """Call off every visit of the slots closed, each with why and what is free instead."""
    slots, entry = capacity(context), venue(context, case.place)
    other = instead(context, entry, date.fromisoformat(case.answers["date"])) if entry else ""
    for slot in _ends(context, case):
        if case.state != SHUT:
            slots.settle(slot, lambda each: context.move(each, "offer"))
            continue
        waiting = [each["case"] for each in slots.queue(slot)]
        holders = (slots.item(slot) or {}).get("holders", ())
        for each in sorted({*waiting, *holders}):
            context.move(each, "close_out", f"{case.answers['reason']}。{other}")


def _ends(context: Context, case: CaseView) -> dict[Slot, str]:
    """Return the slots that a closing touches, offered or held, each with its end."""
    day, part, entry = case.answers["date"], case.answers["part"], venue(context, case.place)
    held = held_in(context, case.place, day)
    ends = {key.partition("#")[2]: str(each["ends"]) for key, each in held.items()}
    with suppress(Undecided):
        offered = slots_on(entry, date.fromisoformat(day), context.calendar) if entry else ()
        ends |= {each.starts: each.ends for each in offered}
    touched = {
        starts: end
        for starts, end in ends.items()
        if part == "day" or (starts < _NOON if part == "morning" else end > _NOON)
    }
    return {(case.place, f"{day}#{starts}"): end for starts, end in sorted(touched.items())}
