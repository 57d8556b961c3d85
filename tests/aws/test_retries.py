"""What DynamoDB's emulators never do: contention, throttling, silence, half answers."""

from collections.abc import Callable
from typing import Any, NoReturn

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from core.store import Absent, Busy, Conflict, Put, Store, Version
from infra.aws import retries
from infra.aws.dynamodb import DynamoStore

PUT = Put({"pk": "a", "sk": "1"}, (Absent(),))
OTHER = Put({"pk": "b", "sk": "1"}, (Version(1),))
SILENCE = ReadTimeoutError(endpoint_url="http://127.0.0.1")
ITEM = {"pk": {"S": "a"}, "sk": {"S": "1"}, "v": {"N": "3"}}


class Answers:
    """A client that gives the next answer of a list to every call, and again the last."""

    def __init__(self, *answers: Any) -> None:
        self.answers = list(answers)
        self.calls: list[dict[str, Any]] = []

    def __getattr__(self, name: str) -> Callable[..., Any]:
        return self._answer

    def _answer(self, **request: Any) -> Any:
        self.calls.append(request)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def failure(code: str, **more: Any) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": code}, **more}, "Call")


def cancelled(*codes: str) -> ClientError:
    reasons = [{"Code": code, "Message": code, "Item": ITEM} for code in codes]
    return failure("TransactionCanceledException", CancellationReasons=reasons)


@pytest.fixture(autouse=True)
def slept(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    pauses: list[float] = []
    monkeypatch.setattr("time.sleep", pauses.append)
    return pauses


def store(client: Answers) -> Store:
    unchecked: Any = client
    return DynamoStore(unchecked, "items")


@pytest.mark.parametrize(
    "error",
    [
        cancelled("TransactionConflict", "None"),
        cancelled("None", "ThrottlingError"),
        cancelled("ProvisionedThroughputExceeded", "TransactionConflict"),
        failure("TransactionInProgressException"),
        failure("ThrottlingException"),
        failure("InternalServerError"),
        SILENCE,
    ],
    ids=str,
)
def test_a_commit_is_repeated_under_one_token_until_it_is_answered(
    error: Exception, slept: list[float]
) -> None:
    client = Answers(error, error, error, {})
    store(client).commit(PUT, OTHER)
    assert len(client.calls) == 4
    assert len({call["ClientRequestToken"] for call in client.calls}) == 1
    assert len(slept) == 3


def test_two_commits_never_share_a_token() -> None:
    client = Answers({})
    store(client).commit(PUT)
    store(client).commit(PUT)
    assert client.calls[0]["ClientRequestToken"] != client.calls[1]["ClientRequestToken"]


def test_contention_that_does_not_end_is_busy_within_four_seconds(slept: list[float]) -> None:
    client = Answers(cancelled("TransactionConflict", "None"))
    with pytest.raises(Busy):
        store(client).commit(PUT, OTHER)
    assert len(client.calls) == retries.TRIES
    assert 0 < sum(slept) < 4
    assert len(set(slept)) == len(slept)


def test_a_false_condition_is_an_answer_however_crowded_the_rest(slept: list[float]) -> None:
    client = Answers(cancelled("ConditionalCheckFailed", "TransactionConflict"))
    with pytest.raises(Conflict) as caught:
        store(client).commit(PUT, OTHER)
    assert caught.value.writes == ((PUT, {"pk": "a", "sk": "1", "v": 3}),)
    assert slept == []


def test_silence_to_the_end_is_not_called_busy_for_something_may_be_written() -> None:
    with pytest.raises(ReadTimeoutError):
        store(Answers(SILENCE)).commit(PUT)


def test_a_refusal_that_time_does_not_cure_is_raised_at_once(slept: list[float]) -> None:
    for error in (failure("AccessDeniedException"), failure("ResourceNotFoundException")):
        client = Answers(error)
        for ask in (store(client).get, store(client).query):
            with pytest.raises(ClientError):
                ask(*_arguments(ask))
        with pytest.raises(ClientError):
            store(client).commit(PUT)
        assert len(client.calls) == 3
    assert slept == []


def _arguments(ask: Callable[..., Any]) -> tuple[Any, ...]:
    return (("a", "1"),) if ask.__name__ == "get" else ("a",)


def test_keys_left_unread_are_asked_for_again_and_only_those() -> None:
    left = {"items": {"Keys": [{"pk": {"S": "a"}, "sk": {"S": "1"}}]}}
    client = Answers(
        {"Responses": {"items": []}, "UnprocessedKeys": left},
        {"Responses": {"items": [ITEM]}, "UnprocessedKeys": {}},
    )
    assert store(client).get(("b", "1"), ("a", "1")) == [None, {"pk": "a", "sk": "1", "v": 3}]
    asked = [call["RequestItems"]["items"] for call in client.calls]
    assert [len(request["Keys"]) for request in asked] == [2, 1]
    assert all(request["ConsistentRead"] for request in asked)


def test_keys_never_read_are_busy_not_missing() -> None:
    left = {"items": {"Keys": [{"pk": {"S": "a"}, "sk": {"S": "1"}}]}}
    client = Answers({"Responses": {"items": []}, "UnprocessedKeys": left})
    with pytest.raises(Busy):
        store(client).get(("b", "1"), ("a", "1"))
    assert len(client.calls) == retries.TRIES


@pytest.mark.parametrize("error", [failure("ThrottlingException"), SILENCE], ids=str)
def test_reading_is_busy_after_the_last_try(error: Exception) -> None:
    with pytest.raises(Busy):
        store(Answers(error)).get(("a", "1"))
    with pytest.raises(Busy):
        store(Answers(error)).query("a")


def test_a_page_that_dynamodb_cuts_short_has_a_cursor() -> None:
    client = Answers({"Items": [ITEM], "LastEvaluatedKey": {"pk": {"S": "a"}, "sk": {"S": "1"}}})
    page = store(client).query("a", limit=10)
    assert (len(page.items), page.cursor is None) == (1, False)


def test_reads_of_the_table_are_consistent_and_of_an_index_are_not() -> None:
    client = Answers({"Items": []})
    store(client).query("a")
    store(client).query("a", index="desk")
    assert [call.get("ConsistentRead") for call in client.calls] == [True, None]


def test_a_bug_stays_a_bug() -> None:
    class Broken:
        def transact_write_items(self, **_: Any) -> NoReturn:
            raise KeyError("bug")

    unchecked: Any = Broken()
    with pytest.raises(KeyError, match="bug"):
        DynamoStore(unchecked, "items").commit(PUT)
