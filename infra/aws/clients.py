"""One client for each AWS service, made once, from the environment's region and role."""

from typing import TYPE_CHECKING, Any

import boto3
from botocore.config import Config

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

_PATIENCE: dict[str, Any] = {"connect_timeout": 2, "read_timeout": 5, "tcp_keepalive": True}
_ONCE: dict[str, Any] = {"retries": {"total_max_attempts": 1}, "parameter_validation": False}
_OFTEN: dict[str, Any] = {"retries": {"mode": "standard", "total_max_attempts": 4}}


def dynamodb(**where: Any) -> "DynamoDBClient":
    """Return a client that tries once: DynamoStore repeats. `where` as in boto3.client."""
    return boto3.client("dynamodb", config=Config(**_PATIENCE, **_ONCE), **where)


def kms(**where: Any) -> "KMSClient":
    """Return a client of the key service."""
    return boto3.client("kms", config=Config(**_PATIENCE, **_OFTEN), **where)


def s3(**where: Any) -> "S3Client":
    """Return a client of the object store."""
    return boto3.client("s3", config=Config(**_PATIENCE, **_OFTEN), **where)


def sns(**where: Any) -> "SNSClient":
    """Return a client of the notification service, which tries once: no message goes twice."""
    return boto3.client(
        "sns", config=Config(**_PATIENCE, retries={"total_max_attempts": 1}), **where
    )
