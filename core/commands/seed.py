"""Fills an empty installation with the sample county, through the same doors as people use."""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from core.case_items import Case, timer_item
from core.cases import Deed, Filing
from core.demo import demo_county
from core.moments import CHINA, local_date, stamp
from core.numbers import fresh_number
from core.office import Office, open_office
from core.people import Role
from core.places import UnknownPlace
from core.plugins import Plugin
from core.ports import Clock, Message, Ports
from core.uploads import Uploads
from forms.evaluation import evaluate
from forms.source import read_yaml
from forms.text import Text
from workflows.definition import APPLICANT
from workflows.schedule import schedule

_BY = "青禾县教育局"
# A white dot: what a demo volunteer "photographed".
_PICTURE = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8/5+hHgAHggJ/PchI7wAAAABJRU5ErkJggg=="
)


@dataclass
class PastClock:
    """A clock that the seeding sets back, so that cases have a history."""

    at: datetime

    def now(self) -> datetime:
        """Return the time it was set to."""
        return self.at


class _Silent:
    """Sends nothing: nobody is told of what never happened."""

    def send(self, message: Message) -> None:
        """Drop the message."""


@dataclass
class Seeding:
    """One filling of one installation."""

    office: Office
    clock: PastClock
    now: datetime
    tell: Callable[[str], None]
    people: dict[str, str] = field(default_factory=dict)

    def county(self, data: Mapping[str, Any]) -> None:
        """Enter the places, the people and what is switched on."""
        for each in data["places"]:
            name, facts = Text.of(each["name"]), each.get("facts", {})
            self.office.places.add(each["slug"], name, each["kind"], each.get("parent"), facts)
        self.tell(f"{len(data['places'])} places")
        for each in data["people"]:
            self.office.people.enter(each["phone"], each["name"])
            for role, place in each["roles"]:
                self.office.people.give(each["phone"], each["name"], Role(role, place))
                self.people.setdefault(f"{role}@{place}", each["phone"])
        self.tell(f"{len(data['people'])} people")
        for each in data["switches"]:
            if each["plugin"] in self.office.catalogue.plugins:
                at = stamp(self.clock.now())
                self.office.places.switch(each["place"], each["plugin"], each["rule"], _BY, at)

    def cases(self, plugin: Plugin) -> None:
        """Replay a plugin's own part of the sample county, if it has one."""
        path = plugin.folder / "demo.yaml"
        if not path.exists():
            return
        data = read_yaml(path.read_bytes(), f"{plugin.id}/demo.yaml").data
        for told in data["cases"]:
            self._case(plugin, told)
        self.tell(f"{len(data['cases'])} × {plugin.manifest.name.zh}")

    def _case(self, plugin: Plugin, told: Mapping[str, Any]) -> None:
        self._set(told["at"])
        place = self.office.places.get(told["place"])
        case_id = fresh_number()
        answers = self._answers(plugin, told["answers"], place.county, case_id)
        around = self.office.around("zh", place)
        outcome = evaluate(plugin.form, answers, around)
        if outcome.problems:
            raise ValueError(f"{told.get('name')}: {outcome.problems}")
        filing = Filing(case_id, plugin.id, place, plugin.form, plugin.workflow, outcome.data)
        case = self.office.cases.submit(filing, None, around)
        for each in told.get("moves", ()):
            case = self._moved(case, each)
        case = self._let_time_pass(case)
        for event in self.office.cases.events(case):
            self.office.effects.settle(event)

    def _moved(self, case: Case, told: Mapping[str, Any]) -> Case:
        self._set(told["at"])
        desk = case.item["desk"]
        phone = next(iter(self._phones(case, told["by"], desk)))
        person = self.office.people.enter(phone)
        step = {name: self._dated(value) for name, value in told.get("step", {}).items()}
        marks, comment = tuple(told.get("marks", ())), told.get("comment", "")
        deed = Deed(told["move"], case.v, person, step, comment, marks)
        return self.office.cases.move(case, deed, self.office.around())

    def _let_time_pass(self, case: Case) -> Case:
        """Ring the timers that would have rung between the case's last move and today."""
        cases, entry = self.office.cases, 0
        while entry != case.item["entry"]:
            entry = case.item["entry"]
            since, around = case.situation.since, self.office.around()
            for timer in schedule(cases.workflow(case), case.situation, around).timers:
                if timer.at <= self.now and case.item["entry"] == entry:
                    self.clock.at = timer.at
                    item = timer_item(case.id, entry, timer.name, timer.at, since)
                    key = (item["pk"], item["sk"])
                    cases.ring(case.id, entry, timer.name, key, self.office.around())
                    case = cases.get(case.id) or case
        return case

    def _phones(self, case: Case, by: str, desk: list[str]) -> Iterator[str]:
        if by == APPLICANT:
            yield str(case.answers["phone"])
        places = [desk[1]] if desk else []
        for place in [*places, *reversed(case.reach)]:
            if f"{by}@{place}" in self.people:
                yield self.people[f"{by}@{place}"]

    def _answers(
        self, plugin: Plugin, told: Mapping[str, Any], county: str, case_id: str
    ) -> dict[str, Any]:
        answers = {}
        for name, value in told.items():
            spec = plugin.form.fields.get(name)
            if spec and spec.type.name == "file" and value:
                uploads: Uploads = self.office.uploads
                answers[name] = uploads.keep(county, case_id, value["file"], _PICTURE)
            else:
                answers[name] = value
        return answers

    def _dated(self, value: Any) -> Any:
        if isinstance(value, Mapping) and "days_ago" in value:
            return (local_date(self.now) - timedelta(days=int(value["days_ago"]))).isoformat()
        return value

    def _set(self, at: Any) -> None:
        day = date.fromisoformat(self._dated(at))
        moment = datetime.combine(day, time(10, 24), CHINA).astimezone(UTC)
        self.clock.at = (
            max(moment, self.clock.at) if moment.date() == self.clock.at.date() else moment
        )


def seed(ports: Ports, folders: list[Path], tell: Callable[[str], None]) -> bool:
    """Fill an empty installation with the sample county; False where there is one already."""
    clock: Clock = ports.clock
    now = clock.now()
    past = PastClock(now)
    office = open_office(replace(ports, clock=past, messages=_Silent()), folders, demo=True)
    try:
        office.places.root()
    except UnknownPlace:
        pass
    else:
        return False
    office.publish()
    seeding = Seeding(office, past, now, tell)
    seeding.county(demo_county())
    for plugin in office.catalogue.plugins.values():
        seeding.cases(plugin)
    return True
