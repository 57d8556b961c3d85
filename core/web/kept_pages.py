"""First pages of forms, rendered once and kept.

Before anything is filled in, a page depends on little: the form, the place, the language, the day.
What differs from visit to visit, the CSRF token and the case id, is put in when the page is sent.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable

AT_MOST = 256
CSRF_MARK = "\N{OBJECT REPLACEMENT CHARACTER}csrf\N{OBJECT REPLACEMENT CHARACTER}"
CASE_MARK = "\N{OBJECT REPLACEMENT CHARACTER}case\N{OBJECT REPLACEMENT CHARACTER}"


class KeptPages:
    """At most 256 pages by all that they depend on; the one unused for longest makes room."""

    def __init__(self) -> None:
        self._pages: OrderedDict[Hashable, str] = OrderedDict()

    def get(self, key: Hashable, render: Callable[[], str], *, csrf: str, case: str) -> str:
        """Return the page of this key, rendered now where it was not, with these tokens in it."""
        page = self._pages.pop(key, None) or render()
        self._pages[key] = page
        while len(self._pages) > AT_MOST:
            self._pages.popitem(last=False)
        return page.replace(CSRF_MARK, csrf).replace(CASE_MARK, case)
