"""What every refusal must be: 4xx, in words, on the house's own page."""

from werkzeug.test import TestResponse


def refused(answer: TestResponse, *codes: int) -> str:
    """Return the page; raise AssertionError unless it is a refusal in words with such a code."""
    assert 400 <= answer.status_code < 500, (answer.status_code, answer.text[:500])
    assert not codes or answer.status_code in codes, (answer.status_code, answer.text[:1500])
    assert '<main id="main"' in answer.text
    assert "<h1>" in answer.text
    assert "Traceback" not in answer.text
    return answer.text


def alive(answer: TestResponse) -> TestResponse:
    """Return the answer; raise AssertionError where the server failed."""
    assert answer.status_code < 500, answer.text[:2000]
    return answer
