"""Tells people that something was entered for them: once each, tried again for three days."""

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from core.definitions import Definitions
from core.drafts import Draft, Drafts, draft_key
from core.imports.entering import BACK, told_timer
from core.imports.import_data import Import
from core.imports.keeping import Imports, row_key
from core.limits import Limits
from core.moments import moment_of, stamp
from core.ports import Message, Messages
from core.store import Change, Conflict, Delete, Item, Key, Put, Store, Version, Write
from core.subjects import phone_in

GIVE_UP = timedelta(days=3)
TEXT = (
    "{by}替您填好了“{service}”（{place}），还没有提交。请用这个手机号登录 {address} ，"
    "核对、补全后由您自己提交，30 天内有效。不需要的话不用理会。"
)
TEMPLATE = "entered"
BACK_TEXT = "{by}替您填的“{service}”（{place}）已经撤回，您不用再办。"
BACK_TEMPLATE = "entered_back"
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

        Whoever has opened the draft by then knows of it; a withdrawn one is told of to nobody, but
        that it was taken back, to who was told of it.
        """
        number, _, row = name.partition("-")
        imported = self.imports.get(number)
        [item] = self.store.get(row_key(number, int(row)))
        if imported is None or item is None or item["told"] not in ("waiting", BACK):
            self.store.commit(Delete(timer))
            return False
        if item["told"] == BACK:
            return self._told_back(name, imported, item, timer)
        [kept] = self.store.get(draft_key(item["case"]))
        draft = self.drafts.of_item(kept)
        said = "dropped"
        if draft and draft.v == int(item["draft_v"]):
            said = self._sent(name, imported, draft, timer)
        key, when = (item["pk"], item["sk"]), (Version(int(item["v"])),)
        try:
            self.store.commit(Change(key, set={"told": said}, when=when), Delete(timer))
        except Conflict as conflict:
            self._overtaken(name, imported, draft, said, timer, conflict.stood(key)[1])
        return said == "sent"

    def _overtaken(  # noqa: PLR0913, PLR0917 — what was being done, and what stands now
        self,
        name: str,
        imported: Import,
        draft: Draft | None,
        said: str,
        timer: Key,
        stands: Item | None,
    ) -> None:
        """Note a message that was on its way while its row was withdrawn: it is taken back too."""
        if stands is None or stands["told"] != "waiting":
            return
        at, told = stamp(self.drafts.clock.now()), dict[str, str]({"told": said})
        writes: list[Write] = [Delete(timer)]
        if draft and said == "sent" and stands["state"] == "withdrawn":
            phone = phone_in(self.definitions.form(draft.form), draft.answers or {})
            told = {"told": BACK, "phone": self.imports.sealed(imported, phone)}
            later = told_timer(name, at)
            is_same = (later["pk"], later["sk"]) == timer  # it rings on, in the same moment
            writes = [] if is_same else [*writes, Put(later)]
        key = (stands["pk"], stands["sk"])
        self.store.commit(Change(key, set=told), *writes)

    def _told_back(self, name: str, imported: Import, item: Item, timer: Key) -> bool:
        """Tell who was told of a draft that it was taken back; raise OSError as `ring` does."""
        letter, said = imported.letter, "back_sent"
        told = {"by": letter.by, "service": letter.service, "place": letter.place}
        phone, text = self.imports.opened(imported, item["phone"]), BACK_TEXT.format_map(told)
        try:
            self.messages.send(Message(f"import-back-{name}", phone, BACK_TEMPLATE, text, told))
        except OSError:
            if self._may_wait(timer):
                raise
            said = "back_parked"
        key = (item["pk"], item["sk"])
        self.store.commit(Change(key, set={"told": said}, remove=("phone",)), Delete(timer))
        return said == "back_sent"

    def _may_wait(self, timer: Key) -> bool:
        """Tell whether what a timer is for may still be tried again."""
        since = moment_of(timer[1].partition("#")[0])
        return self.drafts.clock.now() - since < GIVE_UP

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
            if self._may_wait(timer):
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
