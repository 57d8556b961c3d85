"""A thousand submissions from twenty processes: never lost, never twice (DESIGN §6)."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.pages import identity
from tests.siege.served import ROOT, served
from tests.siege.verdict import Told, complaints


def siege(port: int, crowd: int, each: int, shared: int, *, sound: bool = True) -> Told:
    """Return what `crowd` processes were told of `each` registrations of their own.

    `shared` further identities are registered by every one of them at about the same time. Where
    the server is not `sound`, a sender may meet a page it cannot go on from, and give up there.
    """
    command = [sys.executable, "-m", "tests.siege.sender", str(port)]
    senders = [
        subprocess.Popen(
            [*command, str(n), str(each), str(shared)],
            cwd=ROOT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for n in range(crowd)
    ]
    said = [sender.communicate(timeout=200) for sender in senders]
    gave_up = [
        err[-2000:] for sender, (_, err) in zip(senders, said, strict=True) if sender.returncode
    ]
    assert not (sound and gave_up), "\n".join(gave_up)
    return [json.loads(line) for out, _ in said for line in out.splitlines()]


def test_a_thousand_submissions_are_each_there_exactly_once(folder: Path) -> None:
    with served(folder) as port:
        told = siege(port, crowd=20, each=50, shared=2)
    assert len(told) == 1040
    assert len({identity(each["n"]) for each in told}) == 1002
    assert len({number for each in told for number in each["told"]}) == 1040
    assert complaints(folder, told) == []
    assert "Traceback" not in (folder / "server.log").read_text()


@pytest.mark.parametrize("how", ["torn", "unconditional"])
def test_control_with_the_transaction_broken_the_same_check_fails(folder: Path, how: str) -> None:
    with served(folder, broken=how) as port:
        told = siege(port, crowd=10, each=6, shared=6, sound=False)
    assert complaints(folder, told)
