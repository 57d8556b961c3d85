import base64
from typing import Any

import pytest
from flask import Flask, Response, redirect, request, url_for

from infra.aws.handler import Handler, Refused, make_handler

SCHEDULE = {"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}, "kwargs": {}}


def echo() -> Flask:
    """Return an application that tells what reached it."""
    app = Flask("echo", static_folder=None)

    @app.route("/<path:path>", methods=["GET", "POST"])
    def show(path: str) -> dict[str, Any]:
        return {
            "path": path,
            "link": url_for("show", path="next"),
            "from": request.remote_addr,
            "form": request.form.to_dict(flat=False),
            "query": request.args.to_dict(flat=False),
            "scheme": request.scheme,
        }

    @app.get("/away")
    def away() -> Any:
        answer = redirect(url_for("show", path="there"))
        answer.set_cookie("a", "1")
        answer.set_cookie("b", "2")
        return answer

    @app.get("/picture")
    def picture() -> Response:
        return Response(b"\x89PNG\xff", content_type="image/png")

    return app


@pytest.fixture
def handle() -> Handler:
    return make_handler(echo(), lambda: {"timers": 3})


def event(
    path: str, *, domain: str = "a1b2.execute-api.cn-north-1.amazonaws.com.cn", **more: Any
) -> dict[str, Any]:
    """Return what a REST API sends for a page of the stage `dev`."""
    return {
        "resource": "/{proxy+}",
        "path": path,
        "httpMethod": "GET",
        "multiValueHeaders": {
            "Host": [domain],
            "X-Forwarded-For": ["6.6.6.6, 9.9.9.9"],
            "X-Forwarded-Proto": ["https"],
            **more.pop("headers", {}),
        },
        "multiValueQueryStringParameters": None,
        "requestContext": {
            "stage": "dev",
            "domainName": domain,
            "identity": {"sourceIp": "1.2.3.4"},
        },
        "body": None,
        "isBase64Encoded": False,
        **more,
    }


def answer(handle: Handler, sent: dict[str, Any]) -> dict[str, Any]:
    seen: dict[str, Any] = Flask("json").json.loads(handle(sent, None)["body"])
    return seen


def test_links_stand_under_the_stage_of_the_gateway(handle: Handler) -> None:
    seen = answer(handle, event("/青禾/volunteers"))
    assert (seen["path"], seen["link"]) == ("青禾/volunteers", "/dev/next")


def test_a_path_is_the_same_encoded_or_not(handle: Handler) -> None:
    for path in ("/青禾 县", "/%E9%9D%92%E7%A6%BE%20%E5%8E%BF"):
        assert answer(handle, event(path))["path"] == "青禾 县"


def test_what_is_no_text_at_all_is_refused_in_words(handle: Handler) -> None:
    for sent in (event("/\ud800"), event("/a", headers={"X": ["\udfff"]})):
        assert handle(sent, None)["statusCode"] == 400
    for sent in (event("/%ff%fe"), event("/a", headers={"X": ["青禾"], "Cookie": ["é=\x00"]})):
        assert handle(sent, None)["statusCode"] == 200


def test_links_stand_at_the_root_of_a_domain_of_ones_own(handle: Handler) -> None:
    for path in ("/a", "/dev/a"):
        assert answer(handle, event(path, domain="kehou.example"))["link"] == "/next"


def test_the_address_of_the_caller_is_the_gateways_word_not_the_callers(handle: Handler) -> None:
    assert answer(handle, event("/a"))["from"] == "1.2.3.4"


def test_a_form_in_chinese_arrives_whole_plain_or_base64(handle: Handler) -> None:
    body = "name=%E5%BC%A0&day=1&day=2&rare=䶮"
    headers = {"Content-Type": ["application/x-www-form-urlencoded"]}
    sent = event("/a", httpMethod="POST", headers=headers, body=body)
    encoded = base64.b64encode(body.encode()).decode()
    for each in (sent, {**sent, "body": encoded, "isBase64Encoded": True}):
        form = answer(handle, each)["form"]
        assert form == {"name": ["张"], "day": ["1", "2"], "rare": ["䶮"]}


def test_repeated_query_parameters_and_the_scheme_arrive(handle: Handler) -> None:
    seen = answer(handle, event("/a", multiValueQueryStringParameters={"q": ["一", "&="]}))
    assert (seen["query"], seen["scheme"]) == ({"q": ["一", "&="]}, "https")


def test_a_redirect_keeps_the_stage_and_both_cookies(handle: Handler) -> None:
    got = handle(event("/away"), None)
    assert got["statusCode"] == 302
    assert got["multiValueHeaders"]["Location"] == ["/dev/there"]
    assert len(got["multiValueHeaders"]["Set-Cookie"]) == 2


def test_a_picture_leaves_as_base64(handle: Handler) -> None:
    got = handle(event("/picture"), None)
    assert got["isBase64Encoded"]
    assert base64.b64decode(got["body"]) == b"\x89PNG\xff"


def test_the_schedule_ticks(handle: Handler) -> None:
    assert handle(dict(SCHEDULE), None) == {"timers": 3}


@pytest.mark.parametrize(
    "sent",
    [
        {},
        {"raw_command": "print(1)"},
        {"command": "infra.cli.main"},
        {"manage": "shell"},
        {"source": "aws.events"},
        {"source": "aws.s3", "detail-type": "Scheduled Event"},
        {"Records": [{"eventSource": "aws:sqs", "body": "{}"}]},
        {"httpMethod": "GET", "path": "/"},
        {"version": "2.0", "rawPath": "/", "requestContext": {"http": {"method": "GET"}}},
        {"requestContext": {"elb": {}}, "httpMethod": "GET", "path": "/"},
        {"requestContext": "x", "httpMethod": "GET", "path": "/"},
        {"type": "TOKEN", "authorizationToken": "x", "methodArn": "y"},
        [],
        None,
        "text",
    ],
    ids=repr,
)
def test_every_other_event_is_refused_without_repeating_it(handle: Handler, sent: Any) -> None:
    with pytest.raises(Refused, match=r"^neither a page nor the schedule$"):
        handle(sent, None)
