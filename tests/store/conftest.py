"""The adapters that the contract suite runs on."""

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from moto import mock_aws

from core.store import Store
from infra.aws.clients import dynamodb
from infra.aws.dynamodb import DynamoStore
from infra.deploy.local_cloud import local_client, local_cloud
from infra.deploy.tables import create_table
from infra.local.sqlite import SqliteStore
from tests.emulators import Missing, dynamodb_local

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

PARALLEL = ("sqlite", "ministack", "dynamodb-local")
"""The adapters whose emulators keep a transaction whole under threads; moto does not."""
_numbers = itertools.count()


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "not_on(kind, reason): an emulator that departs from AWS")


@pytest.fixture(scope="session")
def ministack() -> Iterator["DynamoDBClient"]:
    with local_cloud() as address:
        yield dynamodb(**local_client(address), use_ssl=False)


@pytest.fixture(scope="session")
def amazon_local(tmp_path_factory: pytest.TempPathFactory) -> Iterator["DynamoDBClient"]:
    try:
        with dynamodb_local(tmp_path_factory.mktemp("dynamodb-local")) as address:
            yield dynamodb(**local_client(address), use_ssl=False)
    except Missing as missing:
        pytest.skip(f"DynamoDB Local: {missing}")


@pytest.fixture(scope="session")
def in_process() -> Iterator["DynamoDBClient"]:
    with mock_aws():
        yield dynamodb(region_name="us-east-1", aws_access_key_id="a", aws_secret_access_key="b")


@pytest.fixture
def make_store(request: pytest.FixtureRequest, tmp_path: Path) -> Callable[[str], Store]:
    """Return what makes an empty store of a kind."""

    def make(kind: str) -> Store:
        if kind == "sqlite":
            store = SqliteStore(tmp_path / "items.db")
            request.addfinalizer(store.close)
            return store
        fixture = {"ministack": "ministack", "dynamodb-local": "amazon_local", "moto": "in_process"}
        client: DynamoDBClient = request.getfixturevalue(fixture[kind])
        table = f"items-{next(_numbers)}"
        create_table(client, table)
        request.addfinalizer(lambda: client.delete_table(TableName=table))
        return DynamoStore(client, table)

    return make


@pytest.fixture(params=[*PARALLEL, "moto"])
def store(request: pytest.FixtureRequest, make_store: Callable[[str], Store]) -> Store:
    """Return an empty store of each kind in turn, but not of one the test is marked not_on."""
    for mark in request.node.iter_markers("not_on"):
        if mark.args[0] == request.param:
            pytest.skip(f"{request.param}: {mark.kwargs['reason']}")
    return make_store(request.param)


@pytest.fixture(params=PARALLEL)
def shared_store(request: pytest.FixtureRequest, make_store: Callable[[str], Store]) -> Store:
    """Return an empty store of each kind that may be used by many threads."""
    return make_store(request.param)
