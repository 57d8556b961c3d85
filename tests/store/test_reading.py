import base64
from operator import itemgetter

import pytest

from core.store import Change, Delete, Index, Put, Store


def fill(store: Store, names: list[str], pk: str = "list") -> None:
    for start in range(0, len(names), 100):
        store.commit(*(Put({"pk": pk, "sk": name}) for name in names[start : start + 100]))


def names(store: Store, **how: object) -> list[str]:
    """Return the sort keys of all pages of a query, read one after the other."""
    found, cursor = [], None
    while True:
        page = store.query("list", cursor=cursor, **how)
        found += [item["sk"] for item in page.items]
        cursor = page.cursor
        if cursor is None:
            return found


def test_get_answers_in_the_order_asked_with_none_where_nothing_stands(store: Store) -> None:
    store.commit(Put({"pk": "a", "sk": "1", "n": 1}), Put({"pk": "b", "sk": "1", "n": 2}))
    found = store.get(("b", "1"), ("a", "2"), ("a", "1"), ("b", "1"))
    assert found == [
        {"pk": "b", "sk": "1", "n": 2, "v": 1},
        None,
        {"pk": "a", "sk": "1", "n": 1, "v": 1},
        {"pk": "b", "sk": "1", "n": 2, "v": 1},
    ]
    assert store.get() == []
    assert store.get(("a", "2")) == [None]
    assert store.get(("a", "1")) == [{"pk": "a", "sk": "1", "n": 1, "v": 1}]


def test_get_reads_a_hundred_and_refuses_more(store: Store) -> None:
    keys = [("list", f"{n:03}") for n in range(100)]
    fill(store, [sk for _, sk in keys])
    assert [item and item["sk"] for item in store.get(*reversed(keys))] == [
        sk for _, sk in reversed(keys)
    ]
    with pytest.raises(ValueError, match="101 keys"):
        store.get(*keys, ("list", "100"))


def test_a_query_pages_forwards_and_backwards_without_gap_or_repeat(store: Store) -> None:
    all_names = [f"{n:03}" for n in range(23)]
    fill(store, all_names)
    for limit in (1, 5, 23, 50):
        assert names(store, limit=limit) == all_names
        assert names(store, limit=limit, reverse=True) == all_names[::-1]


def test_the_cursor_is_none_on_the_last_page_even_when_it_is_full(store: Store) -> None:
    fill(store, ["a", "b", "c", "d"])
    first = store.query("list", limit=2)
    assert first.cursor is not None
    assert store.query("list", limit=2, cursor=first.cursor).cursor is None
    assert store.query("list", limit=4).cursor is None
    assert store.query("nothing").items == ()
    assert store.query("nothing").cursor is None


def test_a_page_goes_on_after_the_item_of_its_cursor_was_deleted(store: Store) -> None:
    fill(store, ["a", "b", "c"])
    page = store.query("list", limit=2)
    store.commit(Delete(("list", "b")), Delete(("list", "a")))
    assert [item["sk"] for item in store.query("list", cursor=page.cursor).items] == ["c"]


def test_keys_sort_by_their_utf8_bytes(store: Store) -> None:
    unsorted = ["é", "z", "Z", "a", "一", "𝕏", "\uffff", "10", "9", "a b", "a!", "~", "䶮"]
    fill(store, unsorted)
    assert names(store) == sorted(unsorted, key=str.encode)


def test_a_prefix_finds_only_what_begins_with_it(store: Store) -> None:
    begins = ["E#", "E#1", "E#10", "E#\U0010ffff", "E#\U0010ffff\U0010ffff", "E#一"]
    fill(store, ["E", "D#1", "E$", "F#1", "e#1", *begins])
    assert names(store, prefix="E#") == sorted(begins, key=str.encode)
    assert names(store, prefix="E#", limit=2, reverse=True) == sorted(begins, key=str.encode)[::-1]
    assert names(store, prefix="E#\U0010ffff") == begins[3:5]
    assert names(store, prefix="x") == []


def test_until_ends_the_query_at_and_including_it(store: Store) -> None:
    fill(store, ["2026-01", "2026-02", "2026-02#a", "2026-03"])
    assert names(store, until="2026-02") == ["2026-01", "2026-02"]
    assert names(store, until="2026-02", limit=1, reverse=True) == ["2026-02", "2026-01"]
    assert names(store, until="2025") == []
    with pytest.raises(ValueError, match="exclude each other"):
        store.query("list", prefix="2", until="3")


@pytest.mark.parametrize("index", ["desk", "mine", "register"])
def test_an_index_holds_only_items_with_both_its_keys(store: Store, index: Index) -> None:
    pk, sk = f"{index}_pk", f"{index}_sk"
    store.commit(
        Put({"pk": "a", "sk": "1", pk: "list", sk: "2", "text": "whole"}),
        Put({"pk": "b", "sk": "1", pk: "list", sk: "1"}),
        Put({"pk": "c", "sk": "1", pk: "list"}),
        Put({"pk": "d", "sk": "1", sk: "1"}),
        Put({"pk": "e", "sk": "1", pk: "other", sk: "1"}),
        Put({"pk": "list", "sk": "1"}),
    )
    page = store.query("list", index=index)
    assert page.items == (
        {"pk": "b", "sk": "1", pk: "list", sk: "1", "v": 1},
        {"pk": "a", "sk": "1", pk: "list", sk: "2", "text": "whole", "v": 1},
    )


def test_an_item_enters_moves_within_and_leaves_an_index_as_it_changes(store: Store) -> None:
    def desk(pk: str) -> list[str]:
        return [item["desk_sk"] for item in store.query(pk, index="desk").items]

    key = ("case", "H")
    store.commit(Put({"pk": "case", "sk": "H"}))
    assert desk("school") == []
    store.commit(Change(key, set={"desk_pk": "school", "desk_sk": "due-1"}))
    assert desk("school") == ["due-1"]
    store.commit(Change(key, set={"desk_pk": "county", "desk_sk": "due-2"}))
    assert (desk("school"), desk("county")) == ([], ["due-2"])
    store.commit(Change(key, remove=["desk_pk", "desk_sk"]))
    assert desk("county") == []
    store.commit(Put({"pk": "case", "sk": "H", "desk_pk": "county", "desk_sk": "due-3"}))
    store.commit(Delete(key))
    assert desk("county") == []


def test_an_index_pages_through_items_of_one_sort_key(store: Store) -> None:
    items = [
        {"pk": f"C#{n}", "sk": "H", "desk_pk": "list", "desk_sk": "due" if n % 3 else "early"}
        for n in range(20)
    ]
    store.commit(*map(Put, items))
    for reverse in (False, True):
        seen, cursor = [], None
        while True:
            page = store.query("list", index="desk", limit=3, cursor=cursor, reverse=reverse)
            seen += page.items
            if not (cursor := page.cursor):
                break
        assert sorted(item["pk"] for item in seen) == sorted(item["pk"] for item in items)
        assert seen == sorted(seen, key=itemgetter("desk_sk"), reverse=reverse)
    assert len(store.query("list", index="desk", prefix="ea").items) == 7
    assert len(store.query("list", index="desk", until="due").items) == 13


def test_a_cursor_of_another_query_or_a_forged_one_is_refused(store: Store) -> None:
    fill(store, ["a", "b", "c"])
    fill(store, ["a", "b", "c"], pk="other")
    cursor = store.query("list", limit=1).cursor
    assert cursor is not None
    forged = base64.urlsafe_b64encode(b'["0000", "a"]').decode()
    for bad in ("", "x", "é", "a" * 5000, "bnVsbA", "e30", cursor[:-3], cursor[1:], forged):
        with pytest.raises(ValueError, match="cursor"):
            store.query("list", cursor=bad)
    others = ({"reverse": True}, {"prefix": "a"}, {"until": "b"}, {"index": "desk"})
    for other in others:
        with pytest.raises(ValueError, match="cursor"):
            store.query("list", cursor=cursor, **other)
    with pytest.raises(ValueError, match="cursor"):
        store.query("other", cursor=cursor)


def test_a_query_without_a_partition_or_of_no_items_is_refused(store: Store) -> None:
    with pytest.raises(ValueError, match="partition"):
        store.query("")
    with pytest.raises(ValueError, match="0 items"):
        store.query("list", limit=0)
    for key in (("", "a"), ("a", "")):
        with pytest.raises(ValueError, match="key"):
            store.get(key)
