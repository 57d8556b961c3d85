"""Files, keys and messages on an AWS of this machine."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest
from moto import mock_aws

from core.ports import Message
from infra.aws import clients
from infra.aws.files import BucketFiles
from infra.aws.keys import KmsKeys
from infra.aws.messages import SnsMessages
from infra.clock import SystemClock
from infra.local.sqlite import SqliteStore

WHERE: dict[str, Any] = {
    "region_name": "us-east-1",
    "aws_access_key_id": "a",
    "aws_secret_access_key": "b",
}


@pytest.fixture(autouse=True)
def aws() -> Iterator[None]:
    with mock_aws():
        yield


def test_a_file_comes_back_until_it_is_deleted() -> None:
    boto3.client("s3", **WHERE).create_bucket(Bucket="files")
    files = BucketFiles(lambda: clients.s3(**WHERE), "files")
    files.put("C-1/photo", b"one")
    files.put("C-1/photo", b"two\x00")
    assert files.get("C-1/photo") == b"two\x00"
    files.delete("C-1/photo")
    files.delete("C-1/photo")
    assert files.get("C-1/photo") is None
    for name in ("../a", "a//b", "", "a.b"):
        with pytest.raises(ValueError, match="letters, digits"):
            files.put(name, b"x")


@pytest.fixture
def keys() -> KmsKeys:
    client = clients.kms(**WHERE)
    return KmsKeys(client, client.create_key()["KeyMetadata"]["Arn"])


def test_a_wrapped_key_opens_in_its_context_only(keys: KmsKeys) -> None:
    key, wrapped = keys.new("county-1/2026-11")
    assert len(key) == 32
    assert key not in wrapped
    assert keys.unwrap(wrapped, "county-1/2026-11") == key
    for bad, context in ((wrapped, "county-2"), (wrapped[:-1], "county-1/2026-11"), (b"", "c")):
        with pytest.raises(ValueError, match="data key"):
            keys.unwrap(bad, context)


class Phone:
    """An SNS that notes what it was asked and fails when told to."""

    def __init__(self) -> None:
        self.rang: list[dict[str, Any]] = []
        self.error: Exception | None = None

    def publish(self, **request: Any) -> None:
        if self.error:
            raise self.error
        self.rang.append(request)


def sms(phone: Any, tmp_path: Path) -> SnsMessages:
    return SnsMessages(lambda: phone, SqliteStore(tmp_path / "s.db"), SystemClock(), "+86")


def message(name: str) -> Message:
    return Message(name, "00000000001", "cleared", "审核通过", {})


def test_a_message_goes_out_once_however_often_it_is_asked_for(tmp_path: Path) -> None:
    phone = Phone()
    channel = sms(phone, tmp_path)
    for name in ("E-1", "E-1", "E-2", "E-1"):
        channel.send(message(name))
    assert [(r["PhoneNumber"], r["Message"]) for r in phone.rang] == [
        ("+8600000000001", "审核通过")
    ] * 2


def test_a_message_that_failed_is_an_error_and_goes_out_the_next_time(tmp_path: Path) -> None:
    phone = Phone()
    channel = sms(phone, tmp_path)
    phone.error = clients.sns(**WHERE).exceptions.ThrottledException(
        {"Error": {"Code": "Throttled", "Message": "later"}}, "Publish"
    )
    with pytest.raises(OSError, match="E-1 was not sent"):
        channel.send(message("E-1"))
    phone.error = None
    channel.send(message("E-1"))
    assert len(phone.rang) == 1


def test_sns_accepts_what_we_send(tmp_path: Path) -> None:
    sms(clients.sns(**WHERE), tmp_path).send(message("E-1"))
