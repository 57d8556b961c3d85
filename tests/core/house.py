"""A whole installation for one test: the sample county's places and people, a clock to be set."""

import re
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from types import CodeType
from typing import Any, cast
from unittest.mock import patch

from flask import Flask
from flask.testing import FlaskClient
from jinja2.bccache import Bucket, BytecodeCache
from werkzeug.test import TestResponse

from core.bundles import Bundle, bundles_in
from core.case_items import Case
from core.commands.seed import PastClock, Seeding, seed
from core.demo import demo_county
from core.filings import Deed, Filing
from core.loading import Plugin, definitions_of
from core.numbers import fresh_number
from core.office import Office, open_office
from core.people import Person
from core.ports import Fetch, Message, Ports, Unreachable
from core.public_names import PublicNames
from core.store import Item, Store
from core.web.app import BUNDLED, create_app
from core.web.visit import COOKIE
from infra.local.files import FolderFiles
from infra.local.keys import FileKeys
from infra.local.sqlite import SqliteStore
from tests.counted import Counted
from tests.pages import FORM, PLACE, SERVICE, answers, hidden, send

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
OFFICERS = {
    "city": "00000000101",
    "county": "00000000102",
    "school": "00000000103",
    "other_school": "00000000107",
    "other_county": "00000000111",
}


@dataclass
class SetClock:
    """A clock that stands until it is moved."""

    at: datetime = NOW

    def now(self) -> datetime:
        return self.at

    def move(self, **by: float) -> None:
        self.at += timedelta(**by)


@dataclass
class Letters:
    """Keeps messages; `down` makes the channel fail. One id is sent once."""

    sent: dict[str, Message] = field(default_factory=dict)
    down: bool = False
    asked: int = 0

    def send(self, message: Message) -> None:
        self.asked += 1
        if self.down:
            raise OSError("no line")
        self.sent.setdefault(message.id, message)

    def to(self, phone: str) -> list[str]:
        return [message.text for message in self.sent.values() if message.to == phone]


@dataclass
class Later:
    """Keeps the work that is to follow a reply until it is asked for."""

    waiting: list[Callable[[], object]] = field(default_factory=list)

    def soon(self, work: Callable[[], object]) -> None:
        self.waiting.append(work)

    def run(self) -> None:
        while self.waiting:
            self.waiting.pop(0)()


@dataclass
class Net:
    """The internet as a test has it: `answers` by address; whatever else is refused."""

    answers: dict[str, int] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def status(self, url: str) -> int:
        self.asked.append(url)
        if url not in self.answers:
            raise Unreachable("refused")
        return self.answers[url]

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:  # noqa: ARG002
        return self.status(url)


@dataclass
class House:
    """One installation and what stands around it."""

    folder: Path
    clock: SetClock
    store: Counted
    letters: Letters
    later: Later
    app: Flask

    @property
    def office(self) -> Office:
        return cast("Office", self.app.extensions["kehou"])

    @property
    def net(self) -> Net:
        return cast("Net", self.office.ports.fetch)

    def close(self) -> None:
        """Close the file beneath whatever stands on it."""
        store: Any = self.store
        while hasattr(store, "store"):
            store = store.store
        store.close()
        if self.office.ports.counters:
            cast("SqliteStore", self.office.ports.counters).close()

    def client(self, phone: str = "") -> FlaskClient:
        """Return a browser, signed in as whoever has this phone."""
        client = self.app.test_client()
        if phone:
            token = self.office.door.open_session(self.office.people.enter(phone))
            client.set_cookie(COOKIE, token)
        return client

    def public(self, case_id: str) -> str:
        """Return what a case is called in addresses that everybody sees."""
        return PublicNames(self.office.vault).of(case_id)

    def person(self, who: str) -> Person:
        return self.office.people.enter(OFFICERS.get(who, who))

    def filing(self, n: int, case_id: str = "", place: str = PLACE, **other: Any) -> Filing:
        """Return the n-th parent's registration as the form engine has accepted it."""
        data = {name: value for page in answers(n, **other) for name, value in page.items()}
        data |= {"signature": {"typed": data["signature"]}, "query_consent": True}
        data.pop("about")
        plugin = self.office.catalogue.plugins[SERVICE]
        where = self.office.places.get(place)
        number = case_id or fresh_number()
        return Filing(number, SERVICE, where, plugin.form, plugin.workflow, data)

    def submit(self, n: int, case_id: str = "", place: str = PLACE, **other: Any) -> Case:
        filing = self.filing(n, case_id, place, **other)
        return self.office.cases.submit(filing, None, self.office.around("zh", filing.place))

    def do(self, case: Case, transition: str, who: str, **given: Any) -> Case:
        """Make a move as one of OFFICERS, or as whoever has that phone."""
        deed = Deed(transition, given.pop("seen", case.v), self.person(who), **given)
        place = self.office.places.get(case.item["place"])
        return self.office.cases.move(case, deed, self.office.around("zh", place))

    def now(self, case: Case) -> Case:
        found = self.office.cases.get(case.id)
        assert found is not None
        return found

    def cleared(self, n: int, **other: Any) -> Case:
        """Return the n-th parent's case, vetted to the end today."""
        today = self.office.around().today.isoformat()
        case = self.do(
            self.submit(n, **other), "verify", "school", step={"identity_checked_on": today}
        )
        query = {"result": "clear", "query_date": today, "querying_body": "青禾县公安局"}
        case = self.do(case, "clear_query", "county", step=query)
        trained = {"training_date": today, "training_mode": "online", "training_minutes": 40}
        return self.do(case, "approve", "school", step=trained)


def ports(folder: Path, clock: SetClock, letters: Letters, later: Later) -> tuple[Ports, Counted]:
    """Return the ports of an installation; what counts tries is counted with the rest."""
    store = Counted(SqliteStore(folder / "kehou.sqlite"))
    files, keys = FolderFiles(folder / "files"), FileKeys(folder / "master.key")
    return Ports(store, files, letters, keys, clock, later, Net()), store


def everything(house: House, prefix: str) -> list[Item]:
    """Return all items whose partition begins so, straight from the file."""
    with closing(SqliteStore(house.folder / "kehou.sqlite")) as store:
        rows = store._rows([("pk LIKE ?", (f"{prefix}%",))], ("pk", "sk"), 10_000, reverse=False)  # noqa: SLF001
        return [item for pk, sk, *_ in rows for item in store.get((pk, sk)) if item]


def build(folder: Path) -> None:
    """Enter the sample county's places and people, without any case."""
    clock = SetClock()
    made, store = ports(folder, clock, Letters(), Later())
    with closing(cast("SqliteStore", store.store)):
        office = open_office(made, [BUNDLED], demo=True)
        office.publish()
        Seeding(office, PastClock(NOW), NOW, lambda _: None).county(demo_county())


class Compiled(BytecodeCache):
    """Templates compiled once for all houses of a worker; another text is another checksum."""

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], CodeType | None] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self.kept.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key, bucket.checksum] = bucket.code


COMPILED = Compiled()


def build_seeded(folder: Path) -> None:
    """Enter the sample county with every plugin's part of it."""
    made, store = ports(folder, SetClock(), Letters(), Later())
    with closing(cast("SqliteStore", store.store)):
        assert seed(made, [BUNDLED], lambda _: None)


@cache
def _bundled() -> Mapping[str, Plugin]:
    """Return the bundled services, their definitions read once; their Python is each house's."""
    return {each.id: definitions_of(each) for each in bundles_in(BUNDLED)}


def _definitions_of(bundle: Bundle) -> Plugin:
    known = _bundled().get(bundle.id)
    return known if known and known.bundle is bundle else definitions_of(bundle)


def open_house(  # noqa: PLR0913 — what a test may want otherwise
    built: Path,
    folder: Path,
    *,
    demo: bool = True,
    folders: Iterable[Path | Bundle] = (BUNDLED,),
    wrap: Callable[[Store], Store] = lambda store: store,
    config: Mapping[str, Any] | None = None,
    counters: bool = False,
    without: Iterable[str] = (),
    fetch: Fetch | None = None,
) -> House:
    """Return the county built before, copied to `folder`.

    With `counters`, tries are counted beside the store, as `kehou serve` does; else in it.
    """
    shutil.copytree(built, folder)
    clock, letters, later = SetClock(), Letters(), Later()
    made, store = ports(folder, clock, letters, later)
    if counters:
        made = replace(made, counters=SqliteStore(folder / "kehou.sqlite", lasting=False))
    if fetch:
        made = replace(made, fetch=fetch)
    store.store = wrap(store.store)
    settings = {"TESTING": False, **(config or {})}
    bundled = [each.bundle for each in _bundled().values()]
    found = [one for each in folders for one in (bundled if each == BUNDLED else [each])]
    with patch("core.loading.definitions_of", _definitions_of):
        app = create_app(made, found, demo=demo, without=[*without], config=settings)
    app.jinja_env.bytecode_cache = COMPILED
    app.extensions["kehou"].publish()
    return House(folder, clock, store, letters, later, app)


def fill_in(
    client: FlaskClient, n: int, path: str = FORM, **other: Any
) -> tuple[TestResponse, dict[str, str]]:
    """Fill in the form page by page; return the last page and its hidden fields.

    `page.request.path` is where it is sent.
    """
    page = client.get(path)
    for given in answers(n, **other)[:-1]:
        page = send(client, page, given)
    return page, hidden(page.text)


def last_page(
    client: FlaskClient, n: int, path: str = FORM, **other: Any
) -> tuple[str, dict[str, Any]]:
    """Fill in all but the last page; return where that is sent, and everything it says."""
    page, kept = fill_in(client, n, path, **other)
    return page.request.path, {**kept, **answers(n, **other)[-1], "action": "submit"}


def hand_in(client: FlaskClient, n: int, path: str = FORM, **other: Any) -> TestResponse:
    """Fill in and submit the whole form; return the answer to the submission."""
    where, sent = last_page(client, n, path, **other)
    return client.post(where, data=sent)


def case_id_of(answer: TestResponse) -> str:
    """Return the receipt number in the address that a submission leads to, or has led to."""
    address = answer.headers.get("Location", answer.request.path)
    found = re.search(r"/case/(\d{16})/", address)
    assert found, (answer.status_code, answer.text[:2000])
    return found[1]
