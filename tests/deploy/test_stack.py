import json
from fnmatch import fnmatch
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from troposphere import apigateway

from infra.deploy.callbacks import mend_template
from infra.deploy.project import ROOT
from infra.deploy.tables import STACK

SETTINGS = json.loads((ROOT / "zappa_settings.json").read_text())


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(STACK.read_text())["Resources"]
    return found


def statements(resources: dict[str, Any]) -> list[dict[str, Any]]:
    (policy,) = resources["Role"]["Properties"]["Policies"]
    found: list[dict[str, Any]] = policy["PolicyDocument"]["Statement"]
    return found


def test_zappas_unsafe_defaults_are_all_turned_off() -> None:
    dev = SETTINGS["dev"]
    assert (dev["debug"], dev["keep_warm"], dev["slim_handler"]) == (False, False, False)
    assert dev["log_level"] == "INFO"
    assert dev["manage_roles"] is False
    assert dev["apigateway_version"] == "v1"
    assert SETTINGS["prod"] == {"extends": "dev"}


def test_the_role_may_do_nothing_to_everything(resources: dict[str, Any]) -> None:
    for statement in statements(resources):
        actions = statement["Action"]
        for action in [actions] if isinstance(actions, str) else actions:
            assert "*" not in action
        assert statement.get("Resource") != "*"


def test_the_role_may_do_what_the_adapters_ask(resources: dict[str, Any]) -> None:
    allowed: list[str] = []
    for statement in statements(resources):
        actions = statement["Action"]
        allowed += [actions] if isinstance(actions, str) else actions
    for needed in (
        "dynamodb:GetItem",
        "dynamodb:BatchGetItem",
        "dynamodb:Query",
        "dynamodb:PutItem",
        "dynamodb:UpdateItem",
        "dynamodb:DeleteItem",
        "dynamodb:ConditionCheckItem",
        "s3:GetObject",
        "s3:PutObject",
        "s3:DeleteObject",
        "kms:GenerateDataKey",
        "kms:Decrypt",
        "sns:Publish",
        "logs:PutLogEvents",
    ):
        assert needed in allowed
    assert not any(fnmatch(action, "dynamodb:Scan") for action in allowed)


@pytest.mark.parametrize("name", ["Table", "Bucket", "Key"])
def test_what_people_entrusted_outlives_the_stack(resources: dict[str, Any], name: str) -> None:
    assert resources[name]["DeletionPolicy"] == "Retain"
    assert resources[name]["UpdateReplacePolicy"] == "Retain"


def test_the_table_can_be_wound_back_and_the_bucket_is_closed(resources: dict[str, Any]) -> None:
    table, bucket = resources["Table"]["Properties"], resources["Bucket"]["Properties"]
    assert table["PointInTimeRecoverySpecification"]["PointInTimeRecoveryEnabled"] is True
    assert table["BillingMode"] == "PAY_PER_REQUEST"
    assert set(bucket["PublicAccessBlockConfiguration"].values()) == {True}


def test_no_name_is_tied_to_one_partition_of_aws() -> None:
    assert "arn:aws:" not in STACK.read_text()


def test_the_gateway_finds_the_function_in_china_and_passes_files_untouched() -> None:
    uri = "arn:aws:apigateway:cn-north-1:lambda:path/f"
    api = apigateway.RestApi("Api")
    method = apigateway.Method("GET0", Integration=apigateway.Integration(Uri=uri))
    zappa = SimpleNamespace(
        cf_template=SimpleNamespace(resources={"Api": api, "GET0": method}),
        create_stack_template=lambda lambda_arn, **_: lambda_arn,
    )
    mend_template(zappa)
    zappa.create_stack_template(lambda_arn="arn:aws-cn:lambda:cn-north-1:1:function:kehou-dev")
    assert method.Integration.Uri == "arn:aws-cn:apigateway:cn-north-1:lambda:path/f"
    assert api.BinaryMediaTypes == ["*/*"]
