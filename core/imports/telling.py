"""Tells people that something was entered for them: once each, tried again for three days."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from core.definitions import Definitions
from core.drafts import Draft, Drafts, draft_key
from core.imports.entering import told_timer
from core.imports.import_data import Import
from core.imports.keeping import Imports, row_key
from core.limits import Limits
from core.moments import moment_of
from core.ports import Message, Messages
from core.store import Change, Delete, Key, Store
from core.subjects import phone_in

GIVE_UP = timedelta(days=3)
TEXT = (
    "{by}替您填好了“{service}”（{place}），还没有提交。请用这个手机号登录 {address} ，"
    "核对、补全后由您自己提交，30 天内有效。不需要的话不用理会。"
)
TEMPLATE = "entered"
A_PHONE, AN_OFFICER = 2, 600
"""How many such messages a phone gets, and an officer sends, in a day."""
_PHONE, _OFFICER = "import-phone", "import-officer"


@dataclass(frozen=True, slots=True)
class Telling:
    """Sends the messages that imports lead to."""

    store: Store
    imports: Imports
    drafts: Drafts
    definitions: Definitions
    messages: Messages
    limits: Limits

    def tell(self, names: Iterable[str], at: str) -> None:
        """Try at once to tell those that a round entered at `at`; the rest wait for the tick."""
        for name in names:
            timer = told_timer(name, at)
            with suppress(OSError):
                self.ring(name, (timer["pk"], timer["sk"]))

    def ring(self, name: str, timer: Key) -> bool:
        """Tell the person of a row; raise OSError to be asked again later.

        Whoever has opened the draft by then knows of it; a withdrawn one is told of to nobody.
        """
        number, _, row = name.partition("-")
        imported = self.imports.get(number)
        [item] = self.store.get(row_key(number, int(row)))
        if imported is None or item is None or item["told"] != "waiting":
            self.store.commit(Delete(timer))
            return False
        [kept] = self.store.get(draft_key(item["case"]))
        draft = self.drafts.of_item(kept)
        said = "dropped"
        if draft and draft.v == int(item["draft_v"]):
            said = self._sent(name, imported, draft, timer)
        self.store.commit(Change(row_key(number, int(row)), set={"told": said}), Delete(timer))
        return said == "sent"

    def _sent(self, name: str, imported: Import, draft: Draft, timer: Key) -> str:
        letter, form = imported.letter, self.definitions.form(draft.form)
        told = {
            "by": letter.by,
            "service": letter.service,
            "place": letter.place,
            "address": letter.address,
        }
        phone = phone_in(form, draft.answers or {})
        if self._is_often(imported, phone):
            return "often"
        try:
            self.messages.send(
                Message(f"import-{name}", phone, TEMPLATE, TEXT.format_map(told), told)
            )
        except OSError:
            since = moment_of(timer[1].partition("#")[0])
            if self.drafts.clock.now() - since < GIVE_UP:
                raise
            return "parked"
        now = self.drafts.clock.now()
        self.limits.count_today(_PHONE, phone, now)
        self.limits.count_today(_OFFICER, imported.by, now)
        return "sent"

    def _is_often(self, imported: Import, phone: str) -> bool:
        """Tell whether a phone has got, or an officer sent, as many today as may be."""
        now, counted = self.drafts.clock.now(), self.limits.counted_today
        to_phone, by_officer = counted(_PHONE, phone, now), counted(_OFFICER, imported.by, now)
        return to_phone >= A_PHONE or by_officer >= AN_OFFICER
