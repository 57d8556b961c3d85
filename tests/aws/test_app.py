"""The composition on AWS, imported as Lambda does, against an AWS in this process."""

import importlib
import sys
from collections.abc import Iterator
from types import ModuleType

import boto3
import pytest
from moto import mock_aws

from infra.aws import clients
from infra.aws.ports import aws_ports
from infra.deploy.local_cloud import credentials
from infra.deploy.tables import create_table
from tests.aws.test_handler import SCHEDULE, event

TICKED = {"timers", "effects", "counted", "delivered"}
"""What a tick tells that it did."""


@pytest.fixture(scope="module")
def composed() -> Iterator[ModuleType]:
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        for name, value in credentials().items():
            patch.setenv(name, value)
        create_table(clients.dynamodb(), "kehou-test")
        boto3.client("s3").create_bucket(Bucket="kehou-test")
        patch.setenv("KEHOU_TABLE", "kehou-test")
        patch.setenv("KEHOU_BUCKET", "kehou-test")
        patch.setenv("KEHOU_KEY", clients.kms().create_key()["KeyMetadata"]["Arn"])
        yield importlib.import_module("infra.aws.app")
        del sys.modules["infra.aws.app"]


def test_importing_composes_an_application_that_answers_and_ticks(composed: ModuleType) -> None:
    assert composed.lambda_handler(event("/"), None)["statusCode"] == 200
    assert set(composed.lambda_handler(dict(SCHEDULE), None)) == TICKED


@pytest.mark.usefixtures("composed")
def test_a_missing_setting_stops_the_start_and_is_named() -> None:
    with pytest.raises(KeyError, match="KEHOU_BUCKET"):
        aws_ports({"KEHOU_TABLE": "kehou-test"})
