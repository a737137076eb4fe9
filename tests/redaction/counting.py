"""Texts and bytes that count what is done with them, where time is not to be measured."""

from typing import Any, Self, SupportsIndex


class CountedText(str):
    """A text that counts the signs that were cut out of it, and how often it was searched.

    What is done with it in small letters counts, too.
    """

    def __new__(cls, text: str, whole: "CountedText | None" = None) -> Self:
        made = super().__new__(cls, text)
        made._whole = whole or made
        return made

    _whole: "CountedText"
    signs = searches = 0

    def lower(self) -> "CountedText":
        return CountedText(super().lower(), self._whole)

    def __getitem__(self, key: SupportsIndex | slice) -> str:
        part = super().__getitem__(key)
        self._whole.signs += len(part)
        return part

    def __contains__(self, text: Any) -> bool:
        self._whole.searches += 1
        return super().__contains__(text)

    def find(self, *arguments: Any) -> int:
        self._whole.searches += 1
        return super().find(*arguments)

    def rfind(self, text: str, begin: Any = 0, end: Any = None) -> int:
        found = super().rfind(text, begin, end)
        self._whole.signs += (len(self) if end is None else end) - max(found, begin)
        return found


class CountedBytes(bytes):
    """Bytes that count how many were cut out of them."""

    cut = 0

    def __getitem__(self, key: Any) -> Any:
        part = super().__getitem__(key)
        self.cut += len(part) if isinstance(part, bytes) else 1
        return part
