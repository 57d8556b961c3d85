"""Fills an empty installation with the sample county, through the same doors as people use."""

import base64
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

from core.calendars import Term
from core.case_items import Case, timer_item
from core.demo import demo_county
from core.filings import Deed, Filing
from core.moments import CHINA, local_date, stamp
from core.numbers import fresh_number
from core.office import Office, open_office
from core.parameters import Setting
from core.people import Person, Role
from core.places import Place, UnknownPlace
from core.plugins import Plugin
from core.ports import Clock, Message, Ports
from core.public_names import PublicNames
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


class _Answered:
    """Takes every link of the sample county for one that opens: none is asked for."""

    def status(self, _: str) -> int:
        return 200

    def post(self, *_: object) -> int:
        return 200


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
    known: dict[str, str] = field(default_factory=dict)
    """The first case of each name."""

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

    def rules(self, data: Mapping[str, Any]) -> None:
        """Enter terms and what the levels have set."""
        at = stamp(self.clock.now())
        for each in data["terms"]:
            first, last = (date.fromisoformat(each[name]) for name in ("from", "to"))
            term = Term(each["id"], each["name"], first, last)
            self.office.calendars.set_term(each["place"], term, _BY, at)
        for each in data["parameters"]:
            since = date.fromisoformat(each["from"])
            setting = Setting(each["name"], each["value"], since, each["basis"])
            self.office.parameters.set(each["place"], setting, _BY, at)

    def cases(self, plugin: Plugin) -> None:
        """Replay a plugin's own part of the sample county, if it has one."""
        path = plugin.folder / "demo.yaml" if plugin.folder else None
        if path is None or not path.exists():
            return
        data = read_yaml(path.read_bytes(), f"{plugin.id}/demo.yaml").data
        for told in data["cases"]:
            self._case(plugin, told)
        self.tell(f"{len(data['cases'])} × {plugin.manifest.name.zh}")

    def _case(self, plugin: Plugin, told: Mapping[str, Any]) -> None:
        self._set(told["at"])
        plugin = plugin.begun_in(told["workflow"])
        place = self.office.places.get(told["place"])
        case_id, person = fresh_number(), self._officer(told, place)
        answers = self._answers(plugin, told["answers"], place.county, case_id)
        around = self.office.around("zh", place, person)
        outcome = evaluate(plugin.form, answers, around)
        if outcome.problems:
            raise ValueError(f"{told.get('name')}: {outcome.problems}")
        workflow = plugin.workflow
        filing = Filing(
            case_id, plugin.id, place, plugin.form, workflow, outcome.data, person=person
        )
        case = self.office.cases.submit(filing, None, around)
        self.known.setdefault(told["name"], case_id)
        for each in told.get("moves", ()):
            case = self._moved(case, each)
        case = self._let_time_pass(case, self.now)
        for event in self.office.cases.events(case):
            self.office.effects.settle(event)

    def _moved(self, case: Case, told: Mapping[str, Any]) -> Case:
        self._set(told["at"])
        moment, case = self.clock.at, self._let_time_pass(case, self.clock.at)
        self.clock.at, desk = moment, case.item["desk"]
        phone = next(iter(self._phones(case, told["by"], desk)))
        person = self.office.people.enter(phone)
        step = {name: self._dated(value) for name, value in told.get("step", {}).items()}
        marks, comment = tuple(told.get("marks", ())), told.get("comment", "")
        deed = Deed(told["move"], case.v, person, step, comment, marks)
        return self.office.cases.move(case, deed, self.office.around())

    def _officer(self, told: Mapping[str, Any], place: Place) -> Person | None:
        """Return who begins a case, where that is an officer."""
        phone = self.people[f"{told['by']}@{place.slug}"] if "by" in told else ""
        return self.office.people.enter(phone) if phone else None

    def _let_time_pass(self, case: Case, until: datetime) -> Case:
        """Ring the timers that would have rung between the case's last move and then."""
        cases, entry = self.office.cases, 0
        while entry != case.item["entry"]:
            entry = case.item["entry"]
            since, around = case.situation.since, self.office.around()
            for timer in schedule(cases.workflow(case), case.situation, around).timers:
                if timer.at <= until and case.item["entry"] == entry:
                    self.clock.at = timer.at
                    item = timer_item(case.id, entry, timer.name, timer.at, since)
                    key = (item["pk"], item["sk"])
                    cases.ring(case.id, entry, timer.name, key, lambda _: self.office.around())
                    case = cases.get(case.id) or case
        return case

    def _phones(self, case: Case, by: str, desk: list[str]) -> Iterator[str]:
        if by == APPLICANT:
            yield self.office.cases.subjects.phone_of(case)
        places = [desk[1]] if desk else []
        for place in [*places, *reversed(case.reach)]:
            if f"{by}@{place}" in self.people:
                yield self.people[f"{by}@{place}"]

    def _answers(
        self, plugin: Plugin, told: Mapping[str, Any], county: str, case_id: str
    ) -> dict[str, Any]:
        answers: dict[str, Any] = {}
        for name, value in told.items():
            spec = plugin.form.fields.get(name)
            if spec and spec.type.name == "file" and value:
                uploads: Uploads = self.office.uploads
                answers[name] = uploads.keep(county, case_id, value["file"], _PICTURE)
            elif isinstance(value, Mapping) and "case_of" in value:
                answers[name] = self.known[value["case_of"]]
            elif isinstance(value, Mapping) and "public_case_of" in value:
                names = PublicNames(self.office.vault)
                answers[name] = names.of(self.known[value["public_case_of"]])
            else:
                answers[name] = self._dated(value)
        return answers

    def _dated(self, value: Any) -> Any:
        if isinstance(value, Mapping) and "days_ago" in value:
            return (local_date(self.now) - timedelta(days=int(value["days_ago"]))).isoformat()
        if isinstance(value, Mapping) and "weeks" in value:
            today = local_date(self.now)
            monday = today - timedelta(days=today.weekday()) + timedelta(weeks=int(value["weeks"]))
            return (monday + timedelta(days=int(value["day"]))).isoformat()
        if isinstance(value, Mapping):
            return {name: self._dated(each) for name, each in value.items()}
        return [self._dated(each) for each in value] if isinstance(value, list) else value

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
    office = open_office(
        replace(ports, clock=past, messages=_Silent(), fetch=_Answered()), folders, demo=True
    )
    try:
        office.places.root()
    except UnknownPlace:
        pass
    else:
        return False
    office.publish()
    seeding = Seeding(office, past, now, tell)
    seeding.county(demo_county())
    seeding.rules(demo_county())
    for plugin in office.catalogue.plugins.values():
        seeding.cases(plugin)
    past.at = now + timedelta(days=1)  # today's cases are of 10:24, whatever time it is
    office.counting.work_off_due()
    return True
