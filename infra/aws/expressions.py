"""The port's writes in DynamoDB's expression language."""

from collections.abc import Iterator
from typing import Any

from core.store import (
    Absent,
    Below,
    Change,
    Check,
    Condition,
    Delete,
    Key,
    Put,
    Version,
    Without,
    Write,
)
from infra.aws.attributes import Attribute, typed, typed_item
from infra.writes import is_set

_ALWAYS = "(attribute_exists(pk) OR attribute_not_exists(pk))"


def typed_key(key: Key) -> dict[str, Attribute]:
    """Return a key as DynamoDB names it."""
    return {"pk": {"S": key[0]}, "sk": {"S": key[1]}}


def transact_item(table: str, write: Write) -> dict[str, Any]:
    """Return the write as one member of TransactItems that tells what stood where it failed."""
    names = _Names()
    request: dict[str, Any] = {"TableName": table}
    match write:
        case Put():
            kind, request["Item"] = "Put", typed_item({**write.item, "v": write.v})
        case Change():
            kind, request["Key"] = "Update", typed_key(write.key)
            request["UpdateExpression"] = _update(names, write)
        case Delete():
            kind, request["Key"] = "Delete", typed_key(write.key)
        case Check():
            kind, request["Key"] = "ConditionCheck", typed_key(write.key)
    terms = [_condition(names, condition) for condition in write.when]
    if terms:
        request["ConditionExpression"] = " AND ".join(terms)
        request["ReturnValuesOnConditionCheckFailure"] = "ALL_OLD"
    return {kind: request | names.arguments()}


class _Names:
    """The placeholders of one request."""

    def __init__(self) -> None:
        self.names: dict[str, str] = {}
        self.values: dict[str, Attribute] = {}

    def name(self, attribute: str) -> str:
        """Return the placeholder of an attribute's name, the same for the same name."""
        return self.names.setdefault(attribute, f"#{len(self.names)}")

    def value(self, value: Any) -> str:
        """Return a placeholder of its own for a value."""
        placeholder = f":{len(self.values)}"
        self.values[placeholder] = typed(value)
        return placeholder

    def arguments(self) -> dict[str, Any]:
        """Return the request's arguments that say what the placeholders stand for."""
        arguments: dict[str, Any] = {}
        if self.names:
            arguments["ExpressionAttributeNames"] = {mark: n for n, mark in self.names.items()}
        if self.values:
            arguments["ExpressionAttributeValues"] = self.values
        return arguments


def _update(names: _Names, write: Change) -> str:
    clauses: dict[str, list[str]] = {}
    for clause, term in _terms(names, write):
        clauses.setdefault(clause, []).append(term)
    return " ".join(f"{word} {','.join(terms)}" for word, terms in clauses.items())


def _terms(names: _Names, write: Change) -> Iterator[tuple[str, str]]:
    yield "ADD", f"{names.name('v')} {names.value(1)}"
    for name, value in write.set.items():
        if is_set(value) and not value:
            yield "REMOVE", names.name(name)
        else:
            yield "SET", f"{names.name(name)}={names.value(value)}"
    for name in write.remove:
        yield "REMOVE", names.name(name)
    for name, value in write.add.items():
        if not is_set(value) or value:
            yield "ADD", f"{names.name(name)} {names.value(value)}"
    for name, values in write.take.items():
        if values:
            yield "DELETE", f"{names.name(name)} {names.value(values)}"


def _condition(names: _Names, condition: Condition) -> str:
    match condition:
        case Absent():
            return "attribute_not_exists(pk)"
        case Version(v):
            return f"{names.name('v')}={names.value(v)}"
        case Below(attr, limit):
            name, most = names.name(attr), names.value(limit)
            missing = f"attribute_not_exists({name}) OR " if limit >= 0 else ""
            return f"({missing}{name}<={most})"
        case Without(attr, values) if values:
            each = (f"contains({names.name(attr)},{names.value(one)})" for one in sorted(values))
            return f"NOT ({' OR '.join(each)})"
        case _:
            return _ALWAYS
