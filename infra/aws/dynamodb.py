"""The store in one DynamoDB table with three global secondary indexes."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import uuid4

from botocore.exceptions import BotoCoreError, ClientError

from core.store import Busy, Conflict, Index, Item, Key, Page, Write
from infra.aws.attributes import plain_item
from infra.aws.expressions import transact_item, typed_key
from infra.aws.retries import cancellation, is_crowded, is_uncertain, pauses, persistently
from infra.cursors import cursor as cursor_text
from infra.cursors import position
from infra.writes import refuse_bad, refuse_bad_keys, refuse_bad_page

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient


class DynamoStore:
    """The Store port on DynamoDB.

    The client should not retry by itself: all repeating is done here. Every commit is a
    transaction, one of a single write too: its token makes an unanswered call safe to repeat,
    where a plain update repeated would count twice and a plain put undo somebody's change.
    """

    def __init__(self, client: "DynamoDBClient", table: str) -> None:
        """Keep items in `table`, whose keys and indexes infra/deploy/stack.yaml describes."""
        self._client = client
        self._table = table

    def get(self, *keys: Key) -> list[Item | None]:
        """Return the items at `keys`, in that order, None where nothing stands; ≤ 100 keys."""
        refuse_bad_keys(keys)
        if len(keys) == 1:
            return [self._one(keys[0])]
        missing = [typed_key(key) for key in dict.fromkeys(keys)]
        found: dict[Key, Item] = {}
        for _ in pauses():
            if not missing:
                return [found.get(key) for key in keys]
            items, missing = self._some(missing)
            found |= {(item["pk"], item["sk"]): item for item in items}
        raise Busy("DynamoDB left keys unread")

    def query(  # noqa: PLR0913 — the parameters of a DynamoDB query
        self,
        pk: str,
        *,
        prefix: str = "",
        index: Index | None = None,
        limit: int = 50,
        cursor: str | None = None,
        reverse: bool = False,
        until: str = "",
    ) -> Page:
        """Return one page of the items under `pk`, as the port says; ValueError on bad input.

        Asks for one item more than the page holds, to know whether it is the last. A page ends
        early, with a cursor, where DynamoDB has read 1 MB.
        """
        refuse_bad_page(pk, prefix, until, limit)
        name = (pk, prefix, index, reverse, until)
        order = (f"{index}_sk", "pk", "sk") if index else ("sk",)
        request = self._range(pk, prefix, until, index)
        request |= {"Limit": limit + 1, "ScanIndexForward": not reverse}
        if cursor is not None:
            last = dict(zip(order, position(name, cursor, len(order)), strict=True))
            key = {f"{index}_pk" if index else "pk": pk, **last}
            request["ExclusiveStartKey"] = {part: {"S": text} for part, text in key.items()}
        answer = _read(lambda: self._client.query(**request))
        items = tuple(plain_item(item) for item in answer["Items"])
        if len(items) <= limit and "LastEvaluatedKey" not in answer:
            return Page(items)
        last_item = items[:limit][-1]
        return Page(items[:limit], cursor_text(name, tuple(last_item[part] for part in order)))

    def commit(self, *writes: Write) -> None:
        """Write all or nothing; raise Conflict or Busy. At most 100 writes, one a key.

        Where DynamoDB never answered and it is unknown whether it wrote, its error is raised.
        """
        refuse_bad(writes)
        if not writes:
            return
        request: Any = {
            "TransactItems": [transact_item(self._table, write) for write in writes],
            "ClientRequestToken": uuid4().hex,
        }
        try:
            persistently(lambda: self._client.transact_write_items(**request))
        except (ClientError, BotoCoreError) as error:
            _refuse(error, writes)

    def _one(self, key: Key) -> Item | None:
        request: Any = {"TableName": self._table, "Key": typed_key(key), "ConsistentRead": True}
        answer = _read(lambda: self._client.get_item(**request))
        return plain_item(answer["Item"]) if "Item" in answer else None

    def _some(self, keys: list[Any]) -> tuple[list[dict[str, Any]], list[Any]]:
        asked: Any = {self._table: {"Keys": keys, "ConsistentRead": True}}
        answer = _read(lambda: self._client.batch_get_item(RequestItems=asked))
        left: Any = answer.get("UnprocessedKeys", {}).get(self._table, {}).get("Keys", [])
        return [plain_item(item) for item in answer["Responses"].get(self._table, [])], left

    def _range(self, pk: str, prefix: str, until: str, index: Index | None) -> dict[str, Any]:
        names = {"#p": f"{index}_pk" if index else "pk"}
        values = {":p": {"S": pk}}
        expression = "#p = :p"
        if prefix or until:
            names["#s"] = f"{index}_sk" if index else "sk"
            values[":s"] = {"S": prefix or until}
            expression += " AND begins_with(#s, :s)" if prefix else " AND #s <= :s"
        return {
            "TableName": self._table,
            "KeyConditionExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
            **({"IndexName": index} if index else {"ConsistentRead": True}),
        }


def _read(call: Any) -> Any:
    """Return what a reading call answers; whatever outlasts the tries is Busy."""
    try:
        return persistently(call)
    except (ClientError, BotoCoreError) as error:
        if is_crowded(error) or is_uncertain(error):
            raise Busy(str(error)) from error
        raise


def _refuse(error: ClientError | BotoCoreError, writes: tuple[Write, ...]) -> NoReturn:
    if isinstance(error, ClientError):
        reasons = cancellation(error)
        failed = [
            (write, _stood(reason))
            for write, reason in zip(writes, reasons, strict=False)
            if reason.get("Code") == "ConditionalCheckFailed"
        ]
        if failed:
            raise Conflict(failed) from None
        if is_crowded(error):
            raise Busy(str(error)) from error
        _refuse_invalid(error, reasons)
    raise error


def _refuse_invalid(error: ClientError, reasons: list[Mapping[str, Any]]) -> None:
    invalid = [reason for reason in reasons if reason.get("Code") == "ValidationError"]
    if invalid or error.response["Error"]["Code"] == "ValidationException":
        message = str(invalid[0].get("Message") if invalid else error)
        kind = TypeError if "data type" in message else ValueError
        raise kind(message) from error


def _stood(reason: Mapping[str, Any]) -> Item | None:
    return plain_item(reason["Item"]) if reason.get("Item") else None
