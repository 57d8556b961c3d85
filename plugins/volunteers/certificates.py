"""志愿服务记录证明: a volunteer's confirmed hours in a period, verifiable by its number (R67).

The hours are those of the volunteer's shelf, which the confirming commits write: exact, and found
by one query. The number is a keyed hash of what the certificate says, so that the same certificate
asked for twice is one; what has been corrected since shows when it is verified.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from core.api import CaseView, Change, Context, Item
from plugins.volunteers.sessions import HELD, of_volunteer
from workflows.spans import local_day

_COMPOUND = ("欧阳", "上官", "司马", "诸葛", "尉迟", "皇甫", "令狐", "慕容", "东方", "夏侯", "司徒")


@dataclass(frozen=True, slots=True)
class Certificate:
    """What was certified, and how it stands today; days are ISO dates."""

    number: str
    volunteer: CaseView
    first: str
    last: str
    issued: str
    minutes: int
    sessions: int
    now: Sequence[Item]

    @property
    def minutes_now(self) -> int:
        """The minutes that are confirmed for the period today."""
        return sum(int(each["served"]) for each in self.now)

    @property
    def is_corrected(self) -> bool:
        """Whether hours were corrected or added since it was issued."""
        return (self.minutes, self.sessions) != (self.minutes_now, len(self.now))

    @property
    def surname(self) -> str:
        """The volunteer's name as anybody may read it: 梁**."""
        name = str(self.volunteer.answers["name"])
        return name[: 2 if name.startswith(_COMPOUND) else 1] + "**"


def served(context: Context, volunteer: str, first: str, last: str) -> list[Item]:
    """Return the confirmed sessions of a period, the earliest first."""
    found = of_volunteer(context, volunteer)
    return [each for each in found if each["state"] in HELD and first <= each["date"] <= last]


def issue(context: Context, volunteer: str, first: str, last: str) -> str:
    """Write a certificate of a period down and return its number; "" where nothing was served."""
    sessions = served(context, volunteer, first, last)
    minutes = sum(int(each["served"]) for each in sessions)
    number = context.number(f"{volunteer}|{first}|{last}|{minutes}|{len(sessions)}")
    key = context.key("certificates", number, "-")
    if not sessions or context.get(key) != [None]:
        return number if sessions else ""
    issued = local_day(context.clock.now()).isoformat()
    told = {"first": first, "last": last, "minutes": minutes, "sessions": len(sessions)}
    context.commit(Change(key, set={**told, "volunteer": volunteer, "issued": issued}))
    return number


def certificate(context: Context, number: str) -> Certificate | None:
    """Return a certificate of this county with what holds today; None where there is none."""
    [item] = context.get(context.key("certificates", number, "-"))
    volunteers = context.cases([item["volunteer"]], "county") if item else []
    if item is None or not volunteers:
        return None
    first, last = item["first"], item["last"]
    return Certificate(
        number,
        volunteers[0],
        first,
        last,
        item["issued"],
        int(item["minutes"]),
        int(item["sessions"]),
        served(context, item["volunteer"], first, last),
    )
