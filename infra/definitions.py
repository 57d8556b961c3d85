"""The commands under `kehou definitions`."""

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from core.commands.definitions import changed, listed, moved, proposal_lines, published
from core.office import Office
from core.places import Place, Refusal, UnknownPlace
from core.proposals import Proposal
from core.publishing import NotPublished
from infra.local.app import local_app

FLAWED = 1


def add_parsers(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]", folder: Path
) -> None:
    """Add the group and its commands; `folder` is where the data lies unless said otherwise."""
    about = "what services are in force where; publish, change and withdraw them"
    group = commands.add_parser("definitions", help=about).add_subparsers(required=True)
    for name, what, run in (
        ("list", "what is in force at a place", _list),
        ("publish", "a service of a county's own, from its folder", _publish),
        ("change", "an installed service, by a county's changes to its forms", _change),
        ("withdraw", "a county's changes; what is above counts again", _withdraw),
        ("move", "open cases to what is in force now, as its mapping says", _move),
    ):
        one = group.add_parser(name, help=what)
        if name == "publish":
            one.add_argument("service", type=Path, help="its folder, with plugin.yaml")
        elif name != "list":
            one.add_argument("service", help="its id")
        if name == "change":
            one.add_argument("changes", nargs="+", type=Path, help="CHANGES.yaml")
        one.add_argument("--place", required=True, help="the city's or county's short address")
        one.add_argument("--folder", type=Path, default=folder)
        if name in ("publish", "change"):
            one.add_argument("--dry-run", action="store_true", help="only compare")
        if name in ("publish", "change", "withdraw"):
            one.add_argument("--by", default=getpass.getuser(), help="who is told to have done it")
        one.set_defaults(run=run)


def _place(given: argparse.Namespace) -> tuple[Office, Place]:
    office: Office = local_app(given.folder).extensions["kehou"]
    try:
        return office, office.places.fresh(given.place)
    except UnknownPlace:
        raise SystemExit(f"there is no place “{given.place}”") from None


def _list(given: argparse.Namespace) -> int:
    office, place = _place(given)
    print(*listed(office, place), sep="\n")
    return 0


def _publish(given: argparse.Namespace) -> int:
    office, place = _place(given)
    return _told(lambda by: published(office, place, given.service, by), given)


def _change(given: argparse.Namespace) -> int:
    office, place = _place(given)
    return _told(lambda by: changed(office, place, given.service, given.changes, by), given)


def _told(do: Callable[[str | None], Proposal], given: argparse.Namespace) -> int:
    try:
        proposal = do(None if given.dry_run else given.by)
    except NotPublished as refused:
        print(*proposal_lines(refused.proposal), sep="\n")
        return FLAWED
    except Refusal as refused:
        print(f"not now: {refused}", file=sys.stderr)
        return FLAWED
    print(*proposal_lines(proposal), sep="\n")
    return FLAWED if given.dry_run and proposal.verdict == "refused" else 0


def _withdraw(given: argparse.Namespace) -> int:
    office, place = _place(given)
    if not office.copies.withdraw(place, given.service, given.by):
        print("no changes were made to it there", file=sys.stderr)
        return FLAWED
    print(f"{given.service} at {given.place}: as above")
    return 0


def _move(given: argparse.Namespace) -> int:
    office, place = _place(given)

    def tell(done: int) -> None:
        print(f"\r{done} looked at", end="", file=sys.stderr, flush=True)

    lines = list(moved(office, place, given.service, tell))
    print(file=sys.stderr)
    print(*lines, sep="\n")
    return 0
