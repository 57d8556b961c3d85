"""The store in one SQLite file."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from core.store import Change, Check, Conflict, Delete, Index, Item, Key, Page, Put, Write
from infra.changes import changed, holds
from infra.cursors import cursor as cursor_text
from infra.cursors import position
from infra.encoding import decoded, encoded
from infra.local.database import Database
from infra.writes import (
    INDEX_KEYS,
    MAX_ITEM,
    is_set,
    refuse_bad,
    refuse_bad_index_keys,
    refuse_bad_keys,
    refuse_bad_page,
)

_INDEXES: tuple[Index, ...] = ("desk", "mine", "register")
_SCHEMA = f"""
CREATE TABLE IF NOT EXISTS items (
    pk TEXT NOT NULL, sk TEXT NOT NULL, v INTEGER NOT NULL, body TEXT NOT NULL,
    {", ".join(f"{name} TEXT" for name in INDEX_KEYS)},
    PRIMARY KEY (pk, sk)
);
""" + "".join(
    f"CREATE INDEX IF NOT EXISTS {name} ON items ({name}_pk, {name}_sk, pk, sk)"
    f" WHERE {name}_pk IS NOT NULL;"
    for name in _INDEXES
)
_GET = "SELECT pk, sk, v, body FROM items WHERE pk = ? AND sk = ?"
_DELETE = "DELETE FROM items WHERE pk = ? AND sk = ?"
_COLUMNS = ("pk", "sk", "v", "body", *INDEX_KEYS)
_PUT = (
    "INSERT INTO items"  # noqa: S608 — our own column names
    f" ({', '.join(_COLUMNS)}) VALUES ({', '.join('?' * len(_COLUMNS))})"
    f" ON CONFLICT (pk, sk) DO UPDATE SET {', '.join(f'{c} = excluded.{c}' for c in _COLUMNS[2:])}"
)
_LAST = "\U0010ffff"
_Term = tuple[str, tuple[str, ...]]
"""A condition of a WHERE and the values it binds."""


class SqliteStore:
    """The Store port on one SQLite file, for threads and processes of one machine."""

    def __init__(self, path: Path, *, lasting: bool = True) -> None:
        """Open the file, made with its folder where there is none.

        A `lasting` store's commits outlive a power cut; others' may not, and wait for no disk.
        """
        self._database = Database(path, _SCHEMA, lasting=lasting)

    def get(self, *keys: Key) -> list[Item | None]:
        """Return the items at `keys`, in that order, None where nothing stands; ≤ 100 keys."""
        refuse_bad_keys(keys)
        with self._database.reading() as connection:
            return [_stands(connection, key) for key in keys]

    def query(  # noqa: PLR0913 — the parameters of a DynamoDB query
        self,
        pk: str,
        *,
        prefix: str = "",
        index: Index | None = None,
        limit: int = 50,
        cursor: str | None = None,
        reverse: bool = False,
        until: str = "",
    ) -> Page:
        """Return one page of the items under `pk`, as the port says; ValueError on bad input."""
        refuse_bad_page(pk, prefix, until, limit)
        name = (pk, prefix, index, reverse, until)
        order = (f"{index}_sk", "pk", "sk") if index else ("sk",)
        terms: list[_Term] = [(f"{index}_pk = ?" if index else "pk = ?", (pk,))]
        terms += _range(order[0], prefix, until)
        if cursor is not None:
            terms.append(_after(order, position(name, cursor, len(order)), reverse=reverse))
        rows = self._rows(terms, order, limit + 1, reverse=reverse)
        items = tuple(map(_item, rows[:limit]))
        if len(rows) <= limit:
            return Page(items)
        return Page(items, cursor_text(name, tuple(items[-1][part] for part in order)))

    def commit(self, *writes: Write) -> None:
        """Write all or nothing; raise Conflict or Busy. At most 100 writes, one a key."""
        refuse_bad(writes)
        with self._database.writing() as connection:
            stood = {
                write.key: _stands(connection, write.key)
                for write in writes
                if write.when or isinstance(write, Change)
            }
            failed = [(write, stood[write.key]) for write in writes if not _allowed(write, stood)]
            if failed:
                raise Conflict(failed)
            for write in writes:
                _carry_out(connection, write, stood.get(write.key))

    def close(self) -> None:
        """Close the file; the store may be used again and opens it anew."""
        self._database.close()

    def _rows(
        self,
        terms: Iterable[_Term],
        order: tuple[str, ...],
        limit: int,
        *,
        reverse: bool,
    ) -> list[tuple[Any, ...]]:
        where = " AND ".join(term for term, _ in terms)
        by = ", ".join(f"{part} DESC" if reverse else part for part in order)
        sql = f"SELECT pk, sk, v, body FROM items WHERE {where} ORDER BY {by} LIMIT ?"  # noqa: S608 — our own column names
        values = [value for _, bound in terms for value in bound]
        with self._database.reading() as connection:
            return connection.execute(sql, (*values, limit)).fetchall()


def _range(column: str, prefix: str, until: str) -> Iterator[_Term]:
    if until:
        yield f"{column} <= ?", (until,)
    if prefix:
        yield f"{column} >= ?", (prefix,)
        end = _end(prefix)
        if end:
            yield f"{column} < ?", (end,)


def _end(prefix: str) -> str:
    """Return the first text after all that begin with `prefix`, "" where there is none."""
    stem = prefix.rstrip(_LAST)
    if not stem:
        return ""
    following = ord(stem[-1]) + 1
    return stem[:-1] + chr(0xE000 if following == 0xD800 else following)  # noqa: PLR2004 — no text holds surrogates


def _after(order: tuple[str, ...], last: tuple[str, ...], *, reverse: bool) -> _Term:
    marks = ", ".join("?" * len(order))
    return f"({', '.join(order)}) {'<' if reverse else '>'} ({marks})", last


def _stands(connection: Connection, key: Key) -> Item | None:
    row = connection.execute(_GET, key).fetchone()
    return _item(row) if row else None


def _item(row: tuple[Any, ...]) -> dict[str, Any]:
    pk, sk, v, body = row
    item: dict[str, Any] = decoded(body)
    item["pk"], item["sk"], item["v"] = pk, sk, v
    return item


def _allowed(write: Write, stood: dict[Key, Item | None]) -> bool:
    return all(holds(condition, stood[write.key]) for condition in write.when)


def _carry_out(connection: Connection, write: Write, stood: Item | None) -> None:
    match write:
        case Put():
            connection.execute(_PUT, _row({**write.item, "v": write.v}))
        case Change():
            connection.execute(_PUT, _row(changed(stood, write)))
        case Delete():
            connection.execute(_DELETE, write.key)
        case Check():
            pass


def _row(item: dict[str, Any]) -> tuple[Any, ...]:
    refuse_bad_index_keys(item)
    pk, sk, v = item.pop("pk"), item.pop("sk"), item.pop("v")
    keys: list[str | None] = []
    for name in _INDEXES:
        both = (item.get(f"{name}_pk"), item.get(f"{name}_sk"))
        keys += both if None not in both else (None, None)
    return (pk, sk, v, _body(item), *keys)


def _body(attributes: dict[str, Any]) -> str:
    body = encoded({k: value for k, value in attributes.items() if not is_set(value) or value})
    if len(body) > MAX_ITEM:
        raise ValueError(f"an item of {len(body)} characters, {MAX_ITEM} at most")
    return body
