"""Officers and applicants at work: `python -m tests.siege.mover PORT PEOPLE SEED STOP`.

PEOPLE is a file of who they are and the cookies of sessions made beforehand. Each works on a
thread of their own with real pages until the file STOP is there: opens what lies on the desk or in
their own list, does one of the things it offers, now and then takes it back. It prints one line of
JSON for every move that was asked for: case, version seen, the event it leads to, who, and whether
they were told that it is done.
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from random import Random
from threading import Lock
from typing import Any
from urllib.parse import quote

from tests.pages import answers, hidden, identity
from tests.siege.browser import Browser, Stopped

CASE = re.compile(r"/([a-z0-9-]+)/case/(\d{16})/")
DONE = 0.3
"""How often somebody takes back what they have just done, where the page lets them."""
TODAY = date.today().isoformat()  # noqa: DTZ011 — any day that is past by the hasty clock
COMMENTS = {"comment": "请补充说明"}
STEPS: dict[str, dict[str, object]] = {
    "verify": {"identity_checked_on": TODAY, "original_seen": "true", "letter_signed": "true"},
    "clear_query": {"result": "clear", "query_date": TODAY, "querying_body": "青禾县公安局"},
    "requery": {"result": "clear", "query_date": TODAY, "querying_body": "青禾县公安局"},
    "approve": {
        "training_date": TODAY,
        "training_mode": "online",
        "training_minutes": "40",
        "training_passed": "true",
    },
    "return": {"marks": ["name", "times"]},
    "refuse": {"result": "found", "query_date": TODAY, "querying_body": "青禾县公安局"},
    "appeal": {"appeal_reason": "情况不是这样的"},
}
OTHERS = 30
"""How many identities there are that a returned form is changed to."""
LIKELY = {
    "submit": 12,
    "verify": 6,
    "clear_query": 5,
    "approve": 5,
    "return": 4,
    "appeal": 4,
}
"""How often a move is chosen against one of any other."""
EVENTS = {"take": "desk:taken", "give-back": "desk:given_back"}
_lines = Lock()


class Mover(Browser):
    """Somebody with a session, and what they know of."""

    def __init__(self, port: int, cookie: str, seed: int, stop: Path, n: int = 0) -> None:
        super().__init__(port, tries=2000, stop=stop)
        self.n = n
        self.cookies["kehou"] = cookie
        self.me = cookie.partition(".")[0]
        self.chance = Random(seed)  # noqa: S311 — chances of a test
        self.known: list[str] = []

    def tell(self, case: str, seen: int, move: str, *, done: bool) -> None:
        told = {"case": case, "seen": seen, "move": move, "by": self.me, "done": done}
        with _lines:
            sys.stdout.write(json.dumps(told) + "\n")
            sys.stdout.flush()

    def post(self, page: str, path: str, move: str, **given: Any) -> bool:
        """Send a form that states the version seen; return whether it was done."""
        case, sent = case_in(path), {**hidden(page), **given}
        seen = int(str(sent["seen"]))
        status, where = self.ask(sent, path)
        done = status in (302, 303) and bool(re.search(r"/case/\d{16}/$", where))
        self.tell(case, seen, move, done=done)
        return done

    def work_on(self, path: str) -> None:
        """Open a case and do one of the things its page offers."""
        page = self.patiently(None, path)
        moves = re.findall(rf"{path}do/([a-z_]+)/", page)
        acts = [each for each in ("take", "give-back") if f'{path}act/{each}"' in page]
        edits = ["submit"] if f'{path}edit/"' in page else []
        offered = sorted({*moves, *acts, *edits})
        if not offered:
            return
        weights = [LIKELY.get(each, 1) for each in offered]
        name = self.chance.choices(offered, weights)[0]
        if name in EVENTS:
            self.act(page, path, name, EVENTS[name])
        elif name == "submit":
            self.mend(path)
        else:
            self.move(path, name)

    def move(self, path: str, name: str) -> None:
        status, page = self.ask(None, f"{path}do/{name}/")
        if status != 200:  # somebody else was quicker
            return
        if not self.post(page, f"{path}do/{name}/", name, **COMMENTS, **STEPS.get(name, {})):
            return
        page = self.patiently(None, path)
        if f'{path}act/take-back"' in page and self.chance.random() < DONE:
            self.act(page, path, "take-back", f"undo:{name}")

    def act(self, page: str, path: str, name: str, event: str) -> None:
        form = next(f for f in forms_of(page) if f"{path}act/{name}" in f)
        self.post(form, f"{path}act/{name}", event)

    def mend(self, path: str) -> None:
        """Go through a returned form page by page and hand it in again, some as somebody else."""
        where = f"{path}edit/"
        other = self.chance.randrange(OTHERS) if self.chance.random() < 0.3 else None
        who = {} if other is None else {"id_number": identity(OTHERS + other)}
        pages = answers(self.n, name=f"改过{self.chance.randrange(100)}", **who)
        for at, given in enumerate(pages):
            status, page = self.ask(None, where)
            if status != 200:
                return
            if at == len(pages) - 1:
                self.post(page, where, "submit", **given, action="submit")
                return
            status, where = self.ask({**hidden(page), **given, "action": "next"}, where)
            if status not in (302, 303):
                return

    def several(self, desk: str, tray: str) -> None:
        """Send some of a tray back at once."""
        ticked = re.findall(r'name="case" value="(\d{16}-\d+)"', desk)
        some = self.chance.sample(ticked, min(3, len(ticked)))
        chosen = "&".join(f"case={each}" for each in some)
        page = self.patiently(None, f"/desk/bulk/?tray={quote(tray)}&{chosen}")
        if 'value="return"' not in page:
            return
        sent = {**hidden(page), "tray": tray, "case": some, "move": "return", **COMMENTS}
        status, result = self.ask(sent, "/desk/bulk/")
        for each in some:
            case, _, seen = each.partition("-")
            row = next((r for r in result.split("<li>") if case in r), "")
            self.tell(case, int(seen), "return", done=status == 200 and "已办好" in row)


def forms_of(page: str) -> list[str]:
    return re.findall(r"<form.*?</form>", page, re.DOTALL)


def case_in(path: str) -> str:
    found = CASE.search(path)
    assert found, path
    return found[2]


def cases_on(page: str) -> list[str]:
    return list(dict.fromkeys(f"/{place}/case/{case}/" for place, case in CASE.findall(page)))


def officer(mover: Mover, tray: str) -> None:
    """Work on the tray, and now and then on a case known from before."""
    desk = mover.patiently(None, f"/desk/?tray={quote(tray)}")
    lying = cases_on(desk)
    mover.known = [*mover.known[-40:], *lying[:3]]
    if len(lying) > 3 and mover.chance.random() < 0.1:
        mover.several(desk, tray)
    elif mover.known:
        pool = lying if lying and mover.chance.random() < 0.7 else mover.known
        mover.work_on(mover.chance.choice(pool))


def applicant(mover: Mover) -> None:
    own = cases_on(mover.patiently(None, "/my/"))
    if own and mover.chance.random() < 0.9:
        mover.work_on(mover.chance.choice(own))


def manager(mover: Mover, school: str, holders: list[str]) -> None:
    """Empty a school's seats and fill them again."""
    time.sleep(mover.chance.uniform(0.5, 2))
    for cookie in holders:
        page = mover.patiently(None, f"/{school}/manage/")
        person = cookie.partition(".")[0]
        sent = {"csrf_token": hidden(page)["csrf_token"], "role": "school_officer"}
        mover.ask({**sent, "person": person}, f"/{school}/manage/people/end")
    time.sleep(mover.chance.uniform(0.5, 2))
    for phone in ("00000000103", "00000000113"):
        page = mover.patiently(None, f"/{school}/manage/")
        sent = {"csrf_token": hidden(page)["csrf_token"], "role": "school_officer"}
        mover.ask({**sent, "name": "赵明", "phone": phone}, f"/{school}/manage/people")


def work(port: int, people: dict[str, Any], seed: int, stop: Path) -> Iterator[Callable[[], None]]:
    """Yield what each does over and over."""
    for at, (cookie, tray) in enumerate(people["officers"]):
        one = Mover(port, cookie, seed * 100 + at, stop)
        yield lambda one=one, tray=tray: officer(one, tray)
    head = Mover(port, people["manager"], seed * 100 + 50, stop)
    yield lambda: manager(head, "hexi-1", people["holders"])
    parents = [
        Mover(port, cookie, seed * 100 + 60 + at, stop, n)
        for at, (cookie, n) in enumerate(people["applicants"])
    ]
    for half in (parents[::2], parents[1::2]):
        chance = Random(seed)  # noqa: S311 — chances of a test
        yield lambda half=half, chance=chance: applicant(chance.choice(half))


def over_and_over(act: Callable[[], None], stop: Path) -> None:
    while not stop.exists():
        try:
            act()
        except Stopped:
            return


def main(port: int, people: Path, seed: int, stop: Path) -> None:
    acts = list(work(port, json.loads(people.read_text()), seed, stop))
    with ThreadPoolExecutor(len(acts)) as pool:
        for each in [pool.submit(over_and_over, act, stop) for act in acts]:
            each.result()


if __name__ == "__main__":
    where, cookies, seeded, until = sys.argv[1:]
    main(int(where), Path(cookies), int(seeded), Path(until))
