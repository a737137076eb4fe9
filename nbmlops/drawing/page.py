"""What a page is made of, and the mixin by which an object shows itself as one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

type Tone = Literal["plain", "muted", "strong", "good", "bad", "warn", "code"]
type Align = Literal["left", "right"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one tone. ``label`` says in words what a sign in it means.

    ``lasting`` is what stands in a notebook's file in place of a text that is true only now.
    """

    text: str
    tone: Tone = "plain"
    label: str = ""
    lasting: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """The head of a table's column; ``is_whole`` cells are not broken over lines."""

    title: str
    align: Align = "left"
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of spans below named columns; every row has as many as there are columns."""

    caption: str
    columns: Sequence[Column]
    rows: Sequence[Sequence[Span]]


@dataclass(frozen=True, slots=True)
class Facts:
    """Pairs of a name and what is to be said of it."""

    rows: Sequence[tuple[str, Span]]


@dataclass(frozen=True, slots=True)
class Heading:
    """The title of a part of the page."""

    text: str


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text, in spans."""

    spans: Sequence[Span]


@dataclass(frozen=True, slots=True)
class Code:
    """Source code or a diff, below a title; folded where the medium can fold."""

    title: Span
    source: str
    language: Literal["python", "diff", "text"] = "python"


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing, and the same in lines of characters for where no picture can be shown.

    Attributes
    ----------
    title : Span
        Stands above the lines.
    alt : str
        What the picture shows, in a sentence.
    svg : str
        A whole SVG document that asks for nothing; empty where there is only the text.
    text : str
    """

    title: Span
    alt: str
    svg: str
    text: str


type Block = Table | Facts | Heading | Text | Code | Picture


@dataclass(frozen=True, slots=True)
class Page:
    """A title and what stands below it."""

    title: Sequence[Span]
    blocks: Sequence[Block]


type Living = Callable[["Drawn"], Mapping[str, object]]

_living: list[Living] = []


def bring_to_life(living: Living | None) -> None:
    """Let pages in notebooks be shown by more than HTML and text, beside these; None ends it.

    ``living`` returns further MIME types with their data, none where a page stays as it is.
    """
    _living[:] = [living] if living else []


class Drawn:
    """Mixin for objects that draw their own page in notebooks and in terminals."""

    __slots__ = ()

    def page(self) -> Page:
        """Return what is to be drawn."""
        raise NotImplementedError

    def _repr_mimebundle_(self, **_: Any) -> dict[str, object]:
        from nbmlops.drawing.saved import saved

        of_html, of_text = saved(self.page())
        bundle: dict[str, object] = {"text/html": of_html, "text/plain": of_text}
        for living in _living:
            bundle |= living(self)
        return bundle

    def __str__(self) -> str:
        from nbmlops.drawing.terminal import plain

        return plain(self.page())
