from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from infra.local.keys import FileKeys


def test_a_wrapped_key_opens_again_after_a_restart(tmp_path: Path) -> None:
    key, wrapped = FileKeys(tmp_path / "master").new("county-1/2026-11")
    assert len(key) == 32
    assert key not in wrapped
    assert FileKeys(tmp_path / "master").unwrap(wrapped, "county-1/2026-11") == key


def test_another_context_another_master_or_damage_opens_nothing(tmp_path: Path) -> None:
    keys = FileKeys(tmp_path / "master")
    _, wrapped = keys.new("county-1")
    damaged = [
        wrapped[:i] + bytes([wrapped[i] ^ 1]) + wrapped[i + 1 :] for i in range(len(wrapped))
    ]
    for bad in [*damaged, b"", wrapped[:5], wrapped[:-1]]:
        with pytest.raises(ValueError, match="data key"):
            keys.unwrap(bad, "county-1")
    with pytest.raises(ValueError, match="another context"):
        keys.unwrap(wrapped, "county-2")
    with pytest.raises(ValueError, match="another context"):
        FileKeys(tmp_path / "other").unwrap(wrapped, "county-1")


def test_only_the_owner_may_read_the_master_key(tmp_path: Path) -> None:
    FileKeys(tmp_path / "master")
    assert (tmp_path / "master").stat().st_mode & 0o777 == 0o600


def test_a_key_others_can_read_is_reported(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    FileKeys(tmp_path / "master")
    (tmp_path / "master").chmod(0o644)
    FileKeys(tmp_path / "master")
    assert "chmod 600" in caplog.text


@pytest.mark.parametrize("content", ["", "00", "zz" * 32, "00" * 33])
def test_a_damaged_master_key_is_refused_and_never_replaced(tmp_path: Path, content: str) -> None:
    (tmp_path / "master").write_text(content)
    with pytest.raises(ValueError, match="master key"):
        FileKeys(tmp_path / "master")
    assert (tmp_path / "master").read_text() == content


def test_many_first_starts_at_once_agree_on_one_master_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(16) as pool:
        all_keys = list(pool.map(lambda _: FileKeys(tmp_path / "master"), range(16)))
    key, wrapped = all_keys[0].new("c")
    assert {keys.unwrap(wrapped, "c") for keys in all_keys} == {key}
    assert [path.name for path in tmp_path.iterdir()] == ["master"]
