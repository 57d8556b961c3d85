"""The `kehou` command: reads its arguments, composes, and calls core.commands."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

from core.commands.check import check
from core.commands.new_plugin import TIERS, new_plugin
from core.commands.seed import seed
from core.commands.trials import form_trial, workflow_picture, workflow_trial
from core.discovery import wheels
from core.frozen import CATALOGUE, freeze, is_stale, written
from core.moments import CHINA
from core.places import UnknownPlace
from core.recipients import note_address
from core.web.app import BUNDLED
from forms.problems import DefinitionError, Flaw, Position
from infra import definitions
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
        note_address(ports.store, address.rstrip("/"))
        local_app(folder, demo=True).extensions["kehou"].circulations.work_off_due()
    if not given.demo:
        link = _first_link(folder)
        if link:
            print(f"The first officer signs in here, once: {address}first/{link}")
        if isinstance(ports.messages, Outbox):
            print("No KEHOU_GATEWAY is set: codes and messages stay here, see `kehou outbox`.")
        if not given.address:
            print("No KEHOU_ADDRESS is set: links in messages lead to this machine only.")
    print(f"Kehou is at {address}  (stop with Ctrl-C)", flush=True)
    config = {
        "ADDRESS": given.address or ("" if given.demo else address),
        "SUBMISSIONS_AN_HOUR": given.submissions_an_hour,
        "CALLS_AN_HOUR": given.calls_an_hour,
    }
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
    print(
        f"{done.timers} timers, {done.effects} effects, {done.counted} events counted,"
        f" {done.delivered} delivered"
    )
    return 0


def _recount(given: argparse.Namespace) -> int:
    office = local_app(given.folder).extensions["kehou"]
    try:
        county = office.places.fresh(given.place)
    except UnknownPlace:
        raise SystemExit(f"there is no place “{given.place}”") from None
    print(f"{office.rebuilding.rebuild(county, given.service)} statistics were wrong")
    return 0


def _reindex(given: argparse.Namespace) -> int:
    office = local_app(given.folder).extensions["kehou"]
    try:
        county = office.places.fresh(given.place)
    except UnknownPlace:
        raise SystemExit(f"there is no place “{given.place}”") from None
    if county.county != county.slug:
        raise SystemExit(f"“{given.place}” is a {county.kind}; the index is a county's")
    looked = wrong = 0
    for was_wrong in office.reindexing.rebuild(county):
        looked, wrong = looked + 1, wrong + was_wrong
    print(f"{looked} cases, {wrong} were not found as they should be")
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
    try:
        flaws = [*check([BUNDLED, *given.folders, *wheels()]), *_stale_catalogue()]
    finally:
        logging.disable(logging.NOTSET)
    _print_flaws(flaws, as_json=given.json)
    return FLAWED if flaws else 0


def _stale_catalogue() -> list[Flaw]:
    compiled = BUNDLED / CATALOGUE
    try:
        stale = compiled.exists() and is_stale(compiled, BUNDLED.parent, wheels())
    except DefinitionError:  # whose flaws the check itself has found
        stale = True
    if not stale:
        return []
    return [Flaw(Position(str(compiled)), "older than the plugins; run `kehou compile` again")]


def _new_plugin(given: argparse.Namespace) -> int:
    for path in new_plugin(given.id, given.name, given.tier, given.into):
        print(path)
    return 0


def _compile(given: argparse.Namespace) -> int:
    content = freeze(BUNDLED.parent, wheels())
    written(given.out, content)
    print(f"{given.out}: {', '.join(each['id'] for each in content['bundles'])}")
    return 0


def _form_try(given: argparse.Namespace) -> int:
    _print(form_trial(given.form, given.answers, given.today), as_json=given.json)
    return 0


def _workflow_try(given: argparse.Namespace) -> int:
    _print(workflow_trial(given.workflow, given.events, given.today), as_json=given.json)
    return 0


def _workflow_draw(given: argparse.Namespace) -> int:
    picture = workflow_picture(given.workflow, given.language)
    if given.out is None:
        print(picture)
    else:
        given.out.write_text(picture, encoding="utf-8")
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
        help="taken from one address without sign-in (300), and four times as many files;"
        " more where many share an address",
    )
    one.add_argument(
        "--address",
        default=os.environ.get("KEHOU_ADDRESS", ""),
        metavar="URL",
        help="where people reach it, such as https://kehou.example.cn: links in messages lead"
        " there; KEHOU_ADDRESS, else this machine's own",
    )
    one.add_argument(
        "--calls-an-hour",
        type=int,
        default=3600,
        metavar="N",
        help="how often one token may ask the JSON API (3600)",
    )
    one.set_defaults(run=_serve)

    one = commands.add_parser(
        "tick", help="do what is due now: timers, messages, statistics, deliveries"
    )
    one.add_argument("--folder", type=Path, default=folder)
    one.set_defaults(run=_tick)

    one = commands.add_parser("recount", help="work out a county's statistics from its events")
    one.add_argument("service", help="its id")
    one.add_argument("--place", required=True, help="the county's short address")
    one.add_argument("--folder", type=Path, default=folder)
    one.set_defaults(run=_recount)

    one = commands.add_parser(
        "reindex", help="work out from its cases what a county's search finds"
    )
    one.add_argument("--place", required=True, help="the county's short address")
    one.add_argument("--folder", type=Path, default=folder)
    one.set_defaults(run=_reindex)

    one = commands.add_parser("outbox", help="show messages kept for want of a gateway")
    one.add_argument("--folder", type=Path, default=folder)
    one.add_argument("--last", type=int, default=20, help="how many (20)")
    one.set_defaults(run=_outbox)

    _plugin_parsers(commands)
    definitions.add_parsers(commands, folder)
    _trial_parsers(commands)
    return parser


def _plugin_parsers(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = commands.add_parser("check", help="check every plugin, form and workflow")
    one.add_argument("folders", nargs="*", type=Path, help="of plugins, or a plugin's own")
    one.add_argument("--json", action="store_true", help="the flaws as JSON, for programs")
    one.set_defaults(run=_check)

    one = commands.add_parser(
        "new-plugin", help="write the folder of a new plugin that runs as it is"
    )
    one.add_argument("id", help="its folder's name, a plain plural noun, for ever")
    one.add_argument("--name", required=True, help="what people call the service, in Chinese")
    one.add_argument(
        "--tier",
        type=int,
        choices=sorted(TIERS),
        default=0,
        help="0: only YAML; 1: with Python beside; 2: with pages of its own (0)",
    )
    one.add_argument("--into", type=Path, default=BUNDLED, help="where the folder goes (plugins)")
    one.set_defaults(run=_new_plugin)

    one = commands.add_parser("compile", help="freeze the plugins here into one catalogue")
    one.add_argument("--out", type=Path, default=BUNDLED / CATALOGUE, help="plugins/catalogue.json")
    one.set_defaults(run=_compile)


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
        if name == "workflow":
            _draw_parser(group)


def _draw_parser(group: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    one = group.add_parser("draw", help="draw its states and transitions as SVG")
    one.add_argument("workflow", type=Path, help="WORKFLOW.yaml")
    one.add_argument("-o", "--out", type=Path, help="where the picture goes; printed without it")
    one.add_argument("--language", choices=("zh", "en"), default="zh")
    one.set_defaults(run=_workflow_draw)


if __name__ == "__main__":
    raise SystemExit(main())
