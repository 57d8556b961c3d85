"""`make soak`: a server killed under load, lives of cases on both stores, and of bookings.

`SEED=`, `KILLS=`, `LIVES=`, `BOOKINGS=` and `CROWD=` choose others. The same seed brings the same
kills and the same lives; what is under way when a kill comes is up to the machine.
"""

import argparse
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from infra.aws.clients import dynamodb
from infra.deploy.local_cloud import local_client, local_cloud
from tests.core.house import build, open_house
from tests.core.lives.runs import dynamo_stores, live, sqlite_stores
from tests.emulators import dynamodb_local
from tests.plugins.bookings.interleaving import Interleaving
from tests.siege.booking import PLACES, Outcome, groups
from tests.siege.booking import besiege as crowd_at
from tests.siege.killing import besiege
from tests.siege.threads import Limitless, crowd_in, house_on

Found = tuple[int, dict[str, int], list[str]]
"""What became of a crowd: pupils who got places, its cases by state, and complaints."""
STEPS = 40
SHARE = 6
"""How many lives are led on SQLite for each on the emulator, which is that much slower."""
CONTROL = 20
"""How much smaller the crowd of a control is: it oversells as soon as it races."""


def killed(county: Path, kills: int, seed: int) -> int:
    """Kill a server `kills` times; return how much its judge has to complain of."""
    outcome = besiege(county, kills, seed, say=say)
    say(str(outcome))
    for each in outcome.complaints:
        say(f"  {each}")
    say(f"{len(outcome.complaints)} lost, doubled or torn")
    return len(outcome.complaints)


def lived(county: Path, lives: int, seed: int) -> None:
    """Let cases live on SQLite and on DynamoDB's emulator; raise what is found."""
    say(f"{lives} lives on SQLite")
    live(county, sqlite_stores, lives, STEPS, seed)
    few = max(1, lives // SHARE)
    say(f"{few} lives on the emulator of DynamoDB")
    with local_cloud() as address:
        client = dynamodb(**local_client(address), use_ssl=False)
        live(county, dynamo_stores(client), few, STEPS, seed)


def booked(county: Path, lives: int, seed: int) -> None:
    """Let visits overtake each other, half of the lives in each of two processes."""
    say(f"{lives} lives of bookings")
    with ProcessPoolExecutor(2) as pool:
        for _ in pool.map(partial(_overtaken, county, seed), [range(n, lives, 2) for n in (0, 1)]):
            pass


def _overtaken(county: Path, seed: int, lives: range) -> None:
    with TemporaryDirectory(prefix="kehou-bookings-") as folder:
        Interleaving(open_house(county, Path(folder) / "var")).lead(lives, seed)


def crowded(county: Path, crowd: int, seed: int) -> None:
    """Let so many ask for thirty places at once over HTTP; raise what is found."""

    def over_http(heads: Sequence[int], *, limits: bool) -> Found:
        with TemporaryDirectory(prefix="kehou-crowd-") as folder:
            broken = "" if limits else "limitless"
            return _found(crowd_at(county, Path(folder), heads, broken=broken))

    _crowds("SQLite over HTTP", over_http, crowd, seed)


def crowded_clouds(county: Path, crowd: int, seed: int) -> None:
    """Let so many ask for thirty places at once on DynamoDB's emulators; raise what is found."""
    for name, emulator in (("ministack", local_cloud), ("DynamoDB Local", _amazon_local)):
        with emulator() as address:
            client = dynamodb(**local_client(address), use_ssl=False)
            _crowds(name, partial(_in_threads, county, client), crowd, seed)


@contextmanager
def _amazon_local() -> Iterator[str]:
    with (
        TemporaryDirectory(prefix="kehou-emulator-") as folder,
        dynamodb_local(Path(folder)) as address,
    ):
        yield address


def _in_threads(county: Path, client: Any, heads: Sequence[int], *, limits: bool) -> Found:
    with TemporaryDirectory(prefix="kehou-crowd-") as folder:
        store, _ = dynamo_stores(client)(Path(folder))
        house = house_on(store if limits else Limitless(store), county, Path(folder) / "var")
        return _found(crowd_in(house, heads))


def _found(outcome: Outcome) -> Found:
    """Read an outcome while its county is still there."""
    return outcome.held, dict(outcome.states), outcome.complaints()


def _crowds(where: str, ask: Callable[..., Found], crowd: int, seed: int) -> None:
    """Let a crowd of single pupils ask, one of groups, and a third that no condition holds."""
    for name, heads in (("single", [1] * crowd), ("in groups", groups(crowd, seed))):
        held, states, complaints = ask(heads, limits=True)
        asked = f"{where}: {len(heads)} requests for {PLACES} places, {name}"
        say(f"{asked}: {held} held, {states}")
        if complaints:
            raise AssertionError(complaints)
    held, _, _ = ask(groups(max(30, crowd // CONTROL), seed), limits=False)
    say(f"{where}: control without the condition: {held} held of {PLACES}")
    if held <= PLACES:
        raise AssertionError("the control has not oversold")


def within(name: str, act: Callable[[Path], object]) -> object:
    """Do one of the runs on a fresh county and say how long it took."""
    since = time.monotonic()
    with TemporaryDirectory(prefix="kehou-soak-") as folder:
        build(Path(folder) / "var")
        found = act(Path(folder) / "var")
    say(f"{name}: {time.monotonic() - since:.0f} s")
    return found


def say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak", description=__doc__)
    parser.add_argument("--seed", type=int, default=20261123)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--lives", type=int, default=60)
    parser.add_argument("--bookings", type=int, default=1000)
    parser.add_argument("--crowd", type=int, default=1000)
    given = parser.parse_args()
    numbers = (
        f"KILLS={given.kills} LIVES={given.lives} BOOKINGS={given.bookings} CROWD={given.crowd}"
    )
    say(f"SEED={given.seed} {numbers}")
    within("bookings", lambda county: booked(county, given.bookings, given.seed))
    within("crowds", lambda county: crowded(county, given.crowd, given.seed))
    within("clouds", lambda county: crowded_clouds(county, given.crowd, given.seed))
    within("lives", lambda county: lived(county, given.lives, given.seed))
    return 1 if within("kills", lambda county: killed(county, given.kills, given.seed)) else 0


if __name__ == "__main__":
    sys.exit(main())
