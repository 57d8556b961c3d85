from pathlib import Path

import pytest

from infra.local.files import FolderFiles


def test_content_comes_back_until_it_is_deleted(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path / "files")
    files.put("C-1/photo", b"one")
    files.put("C-1/photo", b"two")
    assert files.get("C-1/photo") == b"two"
    files.delete("C-1/photo")
    files.delete("C-1/photo")
    assert files.get("C-1/photo") is None


def test_a_name_and_a_folder_of_that_name_stand_side_by_side(tmp_path: Path) -> None:
    files = FolderFiles(tmp_path)
    files.put("a", b"file")
    files.put("a/b", b"inside")
    assert (files.get("a"), files.get("a/b")) == (b"file", b"inside")


@pytest.mark.parametrize(
    "name", ["../a", "/a", "a/../../b", "a//b", "", "a/", "a.b", "a\\b", "a\n"]
)
def test_a_name_that_could_leave_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    files = FolderFiles(tmp_path / "inner")
    for attempt in (
        lambda: files.put(name, b"x"),
        lambda: files.get(name),
        lambda: files.delete(name),
    ):
        with pytest.raises(ValueError, match="letters, digits"):
            attempt()
    assert list(tmp_path.rglob("*.bin")) == []


def test_a_failed_write_leaves_the_old_content(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files = FolderFiles(tmp_path)
    files.put("a", b"old")
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError("disk full")))
    with pytest.raises(OSError, match="disk full"):
        files.put("a", b"new")
    assert files.get("a") == b"old"
    assert [path.name for path in tmp_path.iterdir()] == ["a.bin"]
