"""The Fetch port reaches the public internet and nothing within, whatever an address says."""

import ssl
from collections.abc import Iterator, Sequence
from ipaddress import ip_address
from pathlib import Path
from time import monotonic
from typing import Any

import pytest

from core.ports import Unreachable
from infra.fetching import REDIRECTS, PublicFetch
from infra.public_addresses import Address, is_public
from tests.local.far import NAME, Far, certificate, far

PUBLIC, HERE = "93.184.215.14", "127.0.0.1"
WITHIN = [
    *("127.0.0.1", "127.8.8.8", "169.254.169.254", "10.0.0.1", "172.16.0.1", "172.31.255.254"),
    *("192.168.1.1", "100.64.0.1", "100.100.100.200", "0.0.0.0", "192.0.0.170", "198.18.0.1"),  # noqa: S104
    *("192.0.0.192", "192.88.99.1", "168.63.129.16", "3fff::1"),
    *("224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fc00::1", "fd00:ec2::254"),
    *("fe80::1", "fec0::1", "ff02::1", "ff0e::1", "2001:db8::1", "::ffff:127.0.0.1"),
    *("::ffff:10.0.0.1", "::ffff:a9fe:a9fe", "::127.0.0.1", "2002:7f00:1::1", "2002:a00:1::1"),
    *("64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe", "64:ff9b:1::7f00:1", "2001:0:4136:e378:8000::1"),
]
OUTSIDE = [PUBLIC, "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"]
AS_NUMBERS = ["2130706433", "0x7f000001", "017700000001", "0177.0.0.1", "0x7f.1", "127.1", "0"]
ODD = [
    *("file:///etc/passwd", "ftp://school.example/", "gopher://school.example:80/_x", "//x/", ""),
    *("data:,x", "javascript:1", "http://", "http:///x", "http://school.example:22/", "http://.."),
    *("https://school.example:80/", "http://u@school.example/", "http://u:p@school.example/"),
    *("http://school.example\\@127.0.0.1/", "http://[::1%25lo]/", "http://[::1", "http://a b/"),
    *("http://school.example:99999/", "http://school.example:x/", f"http://{'x' * 64}.example/"),
    *(f"http://{each}/" for each in AS_NUMBERS),
]

RELATIVE = ["", "//x/", "http://", "http:///x"]
"""What stays where it came from, in a redirect."""


def here(address: Address) -> bool:
    """Let 127.0.0.1 stand for the public internet, beside what is."""
    return str(address) == HERE or is_public(address)


class Names:
    """A resolver that says of each name what it is told, a new thing each time it is asked."""

    def __init__(self, **said: Sequence[Sequence[str]]) -> None:
        self.said = {name: [*each] for name, each in said.items()}
        self.asked: list[str] = []

    def __call__(self, host: str) -> Sequence[str]:
        self.asked.append(host)
        return self.said[host.partition(".")[0]].pop(0)


@pytest.fixture
def server() -> Iterator[Far]:
    with far() as server:
        yield server


def asking(server: Far, **other: Any) -> PublicFetch:
    """Return a Fetch that may reach the server, by any name."""
    given = {"allowed": here, "resolve": lambda _: [HERE], "seconds": 5.0, "total": 10.0}
    return PublicFetch(**given | {"doors": {"http": server.server_port, "https": 443}} | other)


def refusal(fetch: PublicFetch, url: str) -> str:
    with pytest.raises(Unreachable) as caught:
        fetch.status(url)
    return caught.value.code


def url_of(address: str) -> str:
    return f"http://[{address}]/" if ":" in address else f"http://{address}/"


@pytest.mark.parametrize("address", WITHIN)
def test_an_address_within_is_refused_before_anything_is_sent(address: str) -> None:
    assert not is_public(ip_address(address))
    assert refusal(PublicFetch(), url_of(address)) == "private"


@pytest.mark.parametrize("address", OUTSIDE)
def test_a_public_address_may_be_asked(address: str) -> None:
    assert is_public(ip_address(address))


@pytest.mark.parametrize("address", WITHIN)
def test_a_name_that_leads_within_is_refused_though_it_also_leads_outside(address: str) -> None:
    for said in ([address], [PUBLIC, address], [address, PUBLIC]):
        fetch = PublicFetch(resolve=Names(school=[said]))
        assert refusal(fetch, "http://school.example/") == "private"


@pytest.mark.parametrize("url", ODD)
def test_what_is_no_plain_web_address_is_refused_unasked(url: str) -> None:
    names = Names()
    assert refusal(PublicFetch(resolve=names), url) == "refused"
    assert names.asked == []


@pytest.mark.parametrize("url", ["http://localhost/", "http://LOCALHOST./", "http://①②⑦.0.0.1/"])
def test_this_machine_by_other_names_is_refused(url: str) -> None:
    assert refusal(PublicFetch(), url) == "private"


def test_without_the_guard_the_same_asking_reaches_this_machine(server: Far) -> None:
    doors = {"http": server.server_port}
    assert PublicFetch(allowed=lambda _: True, doors=doors).status("http://127.0.0.1/204") == 204
    assert refusal(PublicFetch(doors=doors), "http://127.0.0.1/204") == "private"
    assert [each.path for each in server.came] == ["/204"]


def test_an_unknown_name_is_said_to_be_unknown(server: Far) -> None:
    assert refusal(asking(server, resolve=lambda _: []), "http://school.example/") == "unknown"


def test_a_link_is_asked_by_head_and_by_one_byte_where_that_is_not_answered(server: Far) -> None:
    fetch = asking(server)
    assert fetch.status("http://school.example/课程?q=书 法#x") == 200
    assert fetch.status("http://school.example/404") == 404
    assert fetch.status("http://school.example/headless") == 206
    assert [each.method for each in server.came] == ["HEAD", "HEAD", "HEAD", "GET"]
    first, last = server.came[0], server.came[-1]
    assert first.path == "/%E8%AF%BE%E7%A8%8B?q=%E4%B9%A6%20%E6%B3%95"
    assert first.headers["Host"] == "school.example"
    assert first.headers["User-Agent"].startswith("Kehou link check")
    assert last.headers["Range"] == "bytes=0-0"


@pytest.mark.parametrize("status", ["403", "501"])
def test_a_head_that_is_refused_is_followed_by_a_get(server: Far, status: str) -> None:
    assert asking(server).status(f"http://school.example/{status}") == int(status)
    assert [each.method for each in server.came] == ["HEAD", "GET"]


def test_the_name_is_resolved_once_so_that_it_cannot_change_its_mind(server: Far) -> None:
    names = Names(school=[[HERE], ["10.0.0.1"]])
    assert asking(server, resolve=names).status("http://school.example/200") == 200
    assert names.asked == ["school.example"]
    assert refusal(asking(server, resolve=names), "http://school.example/200") == "private"
    assert len(server.came) == 1


def test_another_address_of_the_name_is_tried_where_the_first_is_silent(server: Far) -> None:
    fetch = asking(server, resolve=lambda _: ["::ffff:7f00:9", HERE], allowed=lambda _: True)
    assert fetch.status("http://school.example/200") == 200


def test_redirects_are_followed_three_times(server: Far) -> None:
    fetch = asking(server)
    assert fetch.status(f"http://school.example/hops?{REDIRECTS}") == 200
    assert refusal(fetch, f"http://school.example/hops?{REDIRECTS + 1}") == "redirects"
    server.came.clear()
    assert refusal(fetch, "http://school.example/round") == "redirects"
    assert len(server.came) == REDIRECTS + 1


@pytest.mark.parametrize("address", [each for each in WITHIN if each != HERE])
def test_a_redirect_to_an_address_within_is_refused(server: Far, address: str) -> None:
    server.onward = url_of(address)
    assert refusal(asking(server), "http://school.example/onward") == "private"


@pytest.mark.parametrize("url", [each for each in ODD if each not in RELATIVE])
def test_a_redirect_to_what_is_no_plain_web_address_is_refused(server: Far, url: str) -> None:
    server.onward = url
    assert refusal(asking(server), "http://school.example/onward") == "refused"


def test_a_redirect_to_a_name_that_leads_within_is_refused(server: Far) -> None:
    server.onward = "http://inner.example/"
    names = Names(school=[[HERE]], inner=[["192.168.0.1"]])
    assert refusal(asking(server, resolve=names), "http://school.example/onward") == "private"
    assert names.asked == ["school.example", "inner.example"]


@pytest.mark.parametrize("path", ["drip", "mute", "flood", "rubbish"])
def test_what_answers_too_slowly_too_long_or_not_in_http_is_let_go(server: Far, path: str) -> None:
    began, fetch = monotonic(), asking(server, seconds=0.5, total=1.0)
    assert refusal(fetch, f"http://school.example/{path}") == "silent"
    assert monotonic() - began < 3


def test_what_never_comes_to_its_answer_is_let_go_after_64_kilobytes(server: Far) -> None:
    began = monotonic()
    assert refusal(asking(server), "http://school.example/patience") == "silent"
    assert monotonic() - began < 5


def test_of_a_huge_answer_only_the_status_is_read(server: Far) -> None:
    began = monotonic()
    assert asking(server).status("http://school.example/huge") == 200
    assert monotonic() - began < 3


def test_nobody_listening_is_silence(server: Far) -> None:
    fetch = asking(server, doors={"http": 9})
    assert refusal(fetch, "http://school.example/") == "silent"


def test_a_posting_is_sent_once_and_never_follows(server: Far) -> None:
    fetch, server.onward = asking(server), "http://school.example/200"
    assert fetch.post("http://school.example/onward", b"{}", {"X-Told": "1"}) == 302
    [came] = server.came
    assert (came.method, came.body, came.headers["X-Told"]) == ("POST", b"{}", "1")
    with pytest.raises(Unreachable) as caught:
        PublicFetch().post("http://10.0.0.1/", b"{}", {})
    assert caught.value.code == "private"


def test_tls_is_verified_for_the_name_that_was_asked(tmp_path: Path) -> None:
    path = certificate(tmp_path)
    own = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    own.load_cert_chain(path)
    with far(own) as server:
        doors = {"https": server.server_port}
        known = asking(server, doors=doors, tls=lambda: ssl.create_default_context(cafile=path))
        assert known.status(f"https://{NAME}/204") == 204
        assert refusal(known, "https://other.example/204") == "silent"
        assert refusal(asking(server, doors=doors), f"https://{NAME}/204") == "silent"
        assert [each.path for each in server.came] == ["/204"]
