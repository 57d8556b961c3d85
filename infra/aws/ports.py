"""The core's ports on AWS, as the function's environment names them.

Settings: `KEHOU_TABLE`, `KEHOU_BUCKET`, `KEHOU_KEY` (the stack's outputs); `KEHOU_GATEWAY` and
`KEHOU_GATEWAY_TOKEN` (a message gateway's address and its password; without them messages go
through SNS); `KEHOU_COUNTRY` (before each number for SNS, +86 by default).
"""

from collections.abc import Mapping

from core.ports import Messages, Ports
from core.store import Store
from infra.aws import clients
from infra.aws.background import NextTick
from infra.aws.dynamodb import DynamoStore
from infra.aws.files import BucketFiles
from infra.aws.keys import KmsKeys
from infra.aws.messages import SnsMessages
from infra.clock import SystemClock
from infra.fetching import PublicFetch
from infra.gateway import HttpGateway


def aws_ports(settings: Mapping[str, str]) -> Ports:
    """Return the ports of the installation that `settings` names; KeyError where one is missing."""
    store = DynamoStore(clients.dynamodb(), settings["KEHOU_TABLE"])
    return Ports(
        store=store,
        files=BucketFiles(clients.s3, settings["KEHOU_BUCKET"]),
        messages=_messages(settings, store),
        keys=KmsKeys(clients.kms(), settings["KEHOU_KEY"]),
        clock=SystemClock(),
        background=NextTick(),
        fetch=PublicFetch(),
    )


def _messages(settings: Mapping[str, str], store: Store) -> Messages:
    gateway = settings.get("KEHOU_GATEWAY", "")
    if gateway:
        return HttpGateway(gateway, settings.get("KEHOU_GATEWAY_TOKEN", ""))
    country = settings.get("KEHOU_COUNTRY", "+86")
    return SnsMessages(clients.sns, store, SystemClock(), country)
