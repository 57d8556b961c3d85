"""The CloudFormation stack beside Zappa's own: made, changed and asked for its outputs."""

from typing import Any

import boto3
from botocore.exceptions import ClientError

from infra.deploy.tables import STACK


def put_stack(stage: str) -> dict[str, str]:
    """Make or change the stack `kehou-<stage>-data`, wait, and return its outputs.

    The outputs are Table, Bucket, Key and Role. Raises botocore's WaiterError where it failed.
    """
    client = _client()
    request: dict[str, Any] = {
        "StackName": _name(stage),
        "TemplateBody": STACK.read_text(encoding="utf-8"),
        "Parameters": [{"ParameterKey": "Stage", "ParameterValue": stage}],
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
    }
    try:
        client.create_stack(**request)
        client.get_waiter("stack_create_complete").wait(StackName=_name(stage))
    except client.exceptions.AlreadyExistsException:
        _change(client, request)
    return outputs(stage)


def outputs(stage: str) -> dict[str, str]:
    """Return the stack's outputs by name; raise ClientError where there is no such stack."""
    (stack,) = _client().describe_stacks(StackName=_name(stage))["Stacks"]
    return {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}


def _change(client: Any, request: dict[str, Any]) -> None:
    try:
        client.update_stack(**request)
    except ClientError as error:
        if "No updates are to be performed" not in str(error):
            raise
        return
    client.get_waiter("stack_update_complete").wait(StackName=request["StackName"])


def _name(stage: str) -> str:
    return f"kehou-{stage}-data"


def _client() -> Any:
    return boto3.client("cloudformation")
