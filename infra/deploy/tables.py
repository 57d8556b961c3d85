"""The table as the stack describes it, made without CloudFormation."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient

STACK = Path(__file__).with_name("stack.yaml")
_NEEDED = ("BillingMode", "AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes")


def create_table(client: "DynamoDBClient", name: str) -> None:
    """Make a table `name` with the keys and indexes of the stack, for emulators."""
    stack = yaml.safe_load(STACK.read_text(encoding="utf-8"))
    properties = stack["Resources"]["Table"]["Properties"]
    request: dict[str, Any] = {part: properties[part] for part in _NEEDED}
    client.create_table(TableName=name, **request)
