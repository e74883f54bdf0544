"""What was made once for all sessions of this process. Nothing in it is ever changed; what is not asked for goes first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock


class Memory:
    """Holds the ``most`` things last asked for. Several sessions that ask for the same new thing at once wait for one making.

    Unlike ``st.cache_resource`` it compares keys and does not hash what they say, which cost more than the look-up.
    """

    def __init__(self, *, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, object] = OrderedDict()
        self._making: dict[Hashable, Lock] = {}
        self._lock = Lock()

    def get(self, key: Hashable, make: Callable[[], object]) -> object:
        """What is kept under ``key``, else ``make()``. An error of ``make`` goes to whoever asked, and nothing is kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
            turn = self._making.setdefault(key, Lock())
        with turn:
            with self._lock:
                if key in self._kept:
                    return self._kept[key]
            try:
                made = make()
                with self._lock:
                    self._kept[key] = made
                    if len(self._kept) > self._most:
                        self._kept.popitem(last=False)
            finally:
                with self._lock:
                    self._making.pop(key, None)
        return made
