"""Half a day that a venue closes at short notice: its slots at once, then its visits one by one."""

from collections.abc import Iterator
from datetime import date

from core.api import CaseView, Context, Write
from core.claims.offers import ends_of_day, instead
from core.claims.slots import Slot
from forms.problems import Problem
from plugins.bookings.free import offered_at
from plugins.bookings.holding import capacity

_ = str  # marks what is translated where it is shown
CLOSING, SHUT = "closing", "shut"


def against(context: Context, case: CaseView) -> Iterator[Problem]:
    """Yield whom a closing would call off, to be said once more before it is done."""
    slots, why = capacity(context), case.answers["cause"]
    held = {one for each in _ends(context, case) for one in slots.concerned(each)}
    if held and not case.state:
        words = _("这段时间已约了 {n} 个团队，闭馆会全部取消并告诉他们；再恢复开放，也收不回来")
        yield Problem("held", words, "part", level="explain", told={"n": len(held)}, reason=why)


def shut(context: Context, case: CaseView) -> list[Write]:
    """Return what takes the slots of a closing off offer, or brings them back; () once past."""
    by = {SHUT: 1, "reopened": -1}.get(case.state, 0)
    slots, ends = capacity(context), _ends(context, case)
    told = {"closing": case.id}
    return [slots.shut(each, {"ends": ends[each], **told}, by) for each in ends if by]


def call_off(context: Context, case: CaseView) -> None:
    """Call off every visit of the slots closed, each with why and what is free instead."""
    slots, offered = capacity(context), offered_at(context, case.place)
    other = instead(context, offered, date.fromisoformat(case.answers["date"]))
    for slot in _ends(context, case):
        if case.state != SHUT:
            slots.settle(slot, lambda each: context.move(each, "offer"))
            continue
        for each in slots.concerned(slot):
            context.move(each, "close_out", f"{case.answers['cause']}。{other}")


def _ends(context: Context, case: CaseView) -> dict[Slot, str]:
    """Return the slots that a closing touches, offered or held, each with its end."""
    part, day = case.answers["part"], date.fromisoformat(case.answers["date"])
    ends = ends_of_day(context, offered_at(context, case.place), case.place, day, part)
    return {(case.place, f"{day}#{starts}"): end for starts, end in ends.items()}
