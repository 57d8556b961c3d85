import os
from threading import Event

import pytest

from infra.local.background import ThreadBackground


def test_work_is_done_in_order_after_soon_has_returned() -> None:
    background, gate, done = ThreadBackground(), Event(), []
    background.soon(lambda: gate.wait(5))
    background.soon(lambda: done.append(1))
    background.soon(lambda: done.append(2))
    assert done == []
    gate.set()
    background.join()
    assert done == [1, 2]


def test_work_that_fails_is_logged_and_the_next_still_runs(
    caplog: pytest.LogCaptureFixture,
) -> None:
    background, done = ThreadBackground(), []

    def fail() -> None:
        raise LookupError("lost")

    background.soon(fail)
    background.soon(lambda: done.append(1))
    background.join()
    assert done == [1]
    assert "LookupError: lost" in caplog.text


def test_what_is_too_much_is_dropped_not_waited_for(caplog: pytest.LogCaptureFixture) -> None:
    background, started, gate, done = ThreadBackground(limit=2), Event(), Event(), []
    background.soon(lambda: (started.set(), gate.wait(5)))
    started.wait(5)
    for number in range(5):
        background.soon(lambda number=number: done.append(number))
    gate.set()
    background.join()
    assert done == [0, 1]
    assert "next tick" in caplog.text


def test_the_thread_ends_when_idle_and_starts_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("infra.local.background._IDLE", 0.01)
    background, done = ThreadBackground(), []
    for number in range(50):
        background.soon(lambda number=number: done.append(number))
        background.join()
        Event().wait(0.005 + number % 3 * 0.004)
    assert done == list(range(50))


def test_a_forked_process_starts_a_thread_of_its_own() -> None:
    background = ThreadBackground()
    background.soon(lambda: None)
    background.join()
    reader, writer = os.pipe()
    if os.fork() == 0:
        background.soon(lambda: os.write(writer, b"done"))
        background.join()
        os._exit(0)
    os.close(writer)
    assert os.read(reader, 4) == b"done"
    os.close(reader)
    os.wait()
