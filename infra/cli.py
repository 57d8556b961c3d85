"""The `kehou` command: reads its arguments, composes, and calls core.commands."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from core.commands.seed import seed
from core.commands.trials import check, form_trial, workflow_trial
from core.moments import CHINA
from core.places import UnknownPlace
from core.web.app import BUNDLED
from forms.problems import DefinitionError, Flaw
from infra.local.app import DEFAULT_FOLDER, local_app, local_ports
from infra.local.messages import Outbox
from infra.local.server import serve

FLAWED = 1
UNUSABLE = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; 0 where all is well, 1 where something is wrong with what it was given."""
    given = command_line().parse_args(arguments)
    try:
        answer: int = given.run(given)
    except DefinitionError as error:
        _print_flaws(error.flaws, as_json=getattr(given, "json", False))
        return FLAWED
    except BrokenPipeError:
        return 0
    return answer


def _serve(given: argparse.Namespace) -> int:
    folder: Path = given.folder
    address = f"http://{given.host}:{given.port}/"
    ports = local_ports(folder)
    if given.demo and seed(ports, [BUNDLED], lambda words: print(f"  {words}")):
        print("The sample county is ready.")
    if not given.demo:
        link = _first_link(folder)
        if link:
            print(f"The first officer signs in here, once: {address}first/{link}")
        if isinstance(ports.messages, Outbox):
            print("No KEHOU_GATEWAY is set: codes and messages stay here, see `kehou outbox`.")
    print(f"Kehou is at {address}  (stop with Ctrl-C)", flush=True)
    config = {"SUBMISSIONS_AN_HOUR": given.submissions_an_hour}
    serve(folder, given.host, given.port, given.workers, demo=given.demo, config=config)
    return 0


def _first_link(folder: Path) -> str | None:
    """Return a fresh link while the installation has no place, and so no officer."""
    office = local_app(folder).extensions["kehou"]
    try:
        office.places.root()
    except UnknownPlace:
        return str(office.door.first_link())
    return None


def _tick(given: argparse.Namespace) -> int:
    office = local_app(given.folder).extensions["kehou"]
    done = office.ticks.tick()
    if done is None:
        print("another tick is at work")
        return 0
    office.ticks.release()
    print(f"{done.timers} timers, {done.effects} effects")
    return 0


def _outbox(given: argparse.Namespace) -> int:
    messages = local_ports(given.folder).messages
    if not isinstance(messages, Outbox):
        print("messages go to the gateway and are not kept here")
        return FLAWED
    for sent in reversed(messages.recent(given.last)):
        print(f"{sent.at:%Y-%m-%d %H:%M}  {sent.message.to}  {sent.message.text}")
    return 0


def _check(given: argparse.Namespace) -> int:
    logging.disable(logging.ERROR)  # the flaws themselves are printed
    flaws = check([BUNDLED, *given.folders])
    _print_flaws(flaws, as_json=given.json)
    return FLAWED if flaws else 0


def _form_try(given: argparse.Namespace) -> int:
    _print(form_trial(given.form, given.answers, given.today), as_json=given.json)
    return 0


def _workflow_try(given: argparse.Namespace) -> int:
    _print(workflow_trial(given.workflow, given.events, given.today), as_json=given.json)
    return 0


def _print(result: object, *, as_json: bool) -> None:
    print(json.dumps(result, ensure_ascii=False, indent=None if as_json else 2))


def _print_flaws(flaws: Sequence[Flaw], *, as_json: bool) -> None:
    if as_json:
        print(json.dumps([flaw.as_dict() for flaw in flaws], ensure_ascii=False))
        return
    for flaw in flaws:
        print(flaw, file=sys.stderr)
    print("1 flaw" if len(flaws) == 1 else f"{len(flaws)} flaws")


def command_line() -> argparse.ArgumentParser:
    """Return the parser of every command and its options."""
    parser = argparse.ArgumentParser(prog="kehou", description="After-school services of a county.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    folder = Path(os.environ.get("KEHOU_FOLDER", DEFAULT_FOLDER))

    one = commands.add_parser("serve", help="serve the pages and do what time brings")
    one.add_argument("--demo", action="store_true", help="with the sample county and its people")
    one.add_argument("--host", default="127.0.0.1")
    one.add_argument("--port", type=int, default=8000)
    one.add_argument("--workers", type=int, default=2)
    one.add_argument("--folder", type=Path, default=folder, help="where the data lies (var)")
    one.add_argument(
        "--submissions-an-hour",
        type=int,
        default=300,
        metavar="N",
        help="taken from one address without sign-in (300); more where many share an address",
    )
    one.set_defaults(run=_serve)

    one = commands.add_parser("tick", help="do what is due now: timers, messages")
    one.add_argument("--folder", type=Path, default=folder)
    one.set_defaults(run=_tick)

    one = commands.add_parser("outbox", help="show messages kept for want of a gateway")
    one.add_argument("--folder", type=Path, default=folder)
    one.add_argument("--last", type=int, default=20, help="how many (20)")
    one.set_defaults(run=_outbox)

    one = commands.add_parser("check", help="check every plugin, form and workflow")
    one.add_argument("folders", nargs="*", type=Path, help="folders of plugins beside the bundled")
    one.add_argument("--json", action="store_true")
    one.set_defaults(run=_check)

    _trial_parsers(commands)
    return parser


def _trial_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    for name, what, first, second, run in (
        ("form", "evaluate answers", "form", "answers", _form_try),
        ("workflow", "replay events", "workflow", "events", _workflow_try),
    ):
        group = commands.add_parser(name, help=f"try a {name} out").add_subparsers(required=True)
        one = group.add_parser("try", help=what)
        one.add_argument(first, type=Path, help=f"{first.upper()}.yaml")
        one.add_argument(second, type=Path, help=f"{second.upper()}.json")
        one.add_argument("--today", type=date.fromisoformat, default=datetime.now(CHINA).date())
        one.add_argument("--json", action="store_true", help="on one line")
        one.set_defaults(run=run)


if __name__ == "__main__":
    raise SystemExit(main())
