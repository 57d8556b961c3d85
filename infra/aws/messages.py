"""Text messages through SNS. In the China partitions SNS sends none: use infra.gateway there."""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from botocore.exceptions import BotoCoreError, ClientError

from core.ports import Clock, Message
from core.store import Absent, Busy, Conflict, Put, Store

if TYPE_CHECKING:
    from mypy_boto3_sns import SNSClient

_REMEMBERED = timedelta(days=90)
"""How long the table keeps in mind what was sent; longer than anything is retried."""


class SnsMessages:
    """The Messages port on SNS. SNS recognises no repeat, so what was sent is kept in the store."""

    def __init__(
        self, connect: "Callable[[], SNSClient]", store: Store, clock: Clock, country: str = ""
    ) -> None:
        """Send with the client that `connect` makes at the first message; remember in `store`.

        `country` (such as +86) precedes each number.
        """
        self._connect = connect
        self._store = store
        self._clock = clock
        self._country = country

    def send(self, message: Message) -> None:
        """Send, unless it was sent before; raise OSError to be asked again later.

        Two round trips to the store: read before, written after. A process that dies between
        SNS's answer and the writing sends once more: rather twice than never.
        """
        key = (f"M#{message.id}", "-")
        until = int((self._clock.now() + _REMEMBERED).timestamp())
        try:
            if self._store.get(key) == [None]:
                self._publish(message)
                self._store.commit(Put({"pk": key[0], "sk": key[1], "ttl": until}, (Absent(),)))
        except Conflict:
            return
        except (ClientError, BotoCoreError, Busy) as error:
            raise OSError(f"message {message.id} was not sent: {error}") from error

    @cached_property
    def _client(self) -> "SNSClient":
        return self._connect()

    def _publish(self, message: Message) -> None:
        self._client.publish(
            PhoneNumber=self._country + message.to,
            Message=message.text,
            MessageAttributes={
                "AWS.SNS.SMS.SMSType": {"DataType": "String", "StringValue": "Transactional"}
            },
        )
