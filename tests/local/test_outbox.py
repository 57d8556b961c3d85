from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from core.ports import Message
from core.store import Put
from infra.local.messages import Outbox
from infra.local.sqlite import SqliteStore

NOON = datetime(2026, 9, 1, 4, tzinfo=UTC)


class Noon:
    def now(self) -> datetime:
        return NOON


def message(name: str) -> Message:
    return Message(name, "00000000001", "code", "验证码 123456", {"code": "123456"})


def test_what_was_sent_is_listed_latest_first(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "kehou.db", Noon())
    for name in ("a", "b", "c"):
        outbox.send(message(name))
    assert [sent.message for sent in outbox.recent(2)] == [message("c"), message("b")]
    assert outbox.recent(1)[0].at == NOON


def test_the_same_message_is_kept_once_however_often_it_is_sent(tmp_path: Path) -> None:
    outbox = Outbox(tmp_path / "kehou.db")
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda _: outbox.send(message("a")), range(40)))
    assert len(outbox.recent(10)) == 1


def test_the_outbox_shares_the_file_of_the_items(tmp_path: Path) -> None:
    store, outbox = SqliteStore(tmp_path / "kehou.db"), Outbox(tmp_path / "kehou.db")
    store.commit(Put({"pk": "a", "sk": "b"}))
    outbox.send(message("a"))
    assert store.get(("a", "b")) == [{"pk": "a", "sk": "b", "v": 1}]
    assert sorted(path.name for path in tmp_path.glob("*.db")) == ["kehou.db"]
