"""A store in which something else happens between what is read and what is written."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from core.store import Store, Write
from tests.core.house import House


@dataclass
class Between:
    """Lets `then` happen once, before the first commit that `meets`."""

    store: Store
    meets: Callable[[Write], bool] = field(default=lambda _: False)
    then: Callable[[], object] = field(default=lambda: None)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)

    def commit(self, *writes: Write) -> None:
        if any(map(self.meets, writes)):
            self.meets = lambda _: False
            self.then()
        self.store.commit(*writes)


def meet(house: House, pk: str, sk: str, then: Callable[[], object]) -> None:
    """Let something happen before the next commit at this sort key; `pk` is how the key begins."""
    between: Any = house.store.store
    between.then = then
    between.meets = lambda write: write.key[0].startswith(pk) and write.key[1] == sk
