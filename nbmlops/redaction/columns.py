"""Secrets in the columns of a table of text whose heading says so: CSV, Markdown, HTML, printed.

Also where the table is written as one text, with its ends of lines escaped. A row with its name in
the first cell is read by `given`; a table that is a value, where it is.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from nbmlops.redaction.names import said_by
from nbmlops.redaction.values import is_told_text

type Part = tuple[int, int]  # begin and end of a part of a text

_MOST_ROWS = 1_000  # of a table
_MOST_TABLES = 50  # of a text, each column that says secret counted
_LONGEST_HEADING = 5_000  # signs of its line
_NEAR = 40  # signs between a name and what separates it from the next
_SEPARATORS = "|│┆,;\t"
_RULE = re.compile(r"[\s|:\-+=─═┄┈╪┼╞╡├┤]*\Z")
_AROUND = " \t\"'`*|\r\\"
_AROUND_NAMES = " \"'`*\\"
_LINE_END = re.compile(r"\r?\n|(?:\\{1,4}r)?\\{1,4}n")
_WORD = re.compile(r"[^\s\\]+")
_WIDE = re.compile(r"\A[ \t]|[^\S\n]{2}")
_CELL = re.compile(r"<t([hd])\b[^>]*>(.*?)</t\1>", re.DOTALL)
_ROW_END = "</tr>"
_LINES_OR_ROWS = ("\n", "\\n", _ROW_END)
# What may stand on a line of code that begins a table in a text.
_IN_CODE = re.compile(r"(?:.*[\"'(])?\\?[\w|;,\t \-]+\Z")


def columns_in(
    text: str, names: Iterable[Part], *, is_code: bool = False
) -> Iterator[tuple[int, int, str]]:
    """Give begin, end and kind of every secret below a heading that says so.

    Parameters
    ----------
    text : str
    names : iterable of pair of int
        What `assignments.names_in` finds in it.
    is_code : bool
        Whether it is source code, where only texts that hold a table are meant.
    """
    if not any(map(text.__contains__, _LINES_OR_ROWS)):
        return
    for (begin, end), rows in islice(_headings(text, names, is_code=is_code), _MOST_TABLES):
        said = said_by(text[begin:end])
        if said is None:
            continue
        said = replace(said, is_of_many=True)
        for part_begin, part_end in rows:
            if is_told_text(text[part_begin:part_end], said):
                yield part_begin, part_end, said.kind


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a text that may be the heading of a table; the next begins at ``after``."""

    text: str
    begin: int
    end: int
    after: int

    @classmethod
    def of(cls, text: str, begin: int, at: int) -> "_Line":
        """Return the line with a place, none of which begins before ``begin``."""
        for found in _LINE_END.finditer(text, begin):
            if found.end() > at:
                return cls(text[begin : found.start()], begin, found.start(), found.end())
            begin = found.end()
        return cls(text[begin:], begin, len(text), len(text))


def _headings(
    text: str, names: Iterable[Part], *, is_code: bool
) -> Iterator[tuple[Part, Iterator[Part]]]:
    """Give the names that are headings, each with what stands below it."""
    line = _Line("", 0, 0, 0)
    for begin, end in names:
        if text.startswith("</th>", end):
            yield (begin, end), _below_in_html(text, begin)
            continue
        if begin >= line.after:
            line = _Line.of(text, line.after, begin)
        if not 0 < len(line.text) <= _LONGEST_HEADING or line.after == len(text):
            continue
        if is_code and not _IN_CODE.match(line.text):
            continue
        rows = islice(_lines(text, line.after), _MOST_ROWS)
        first, last = begin - line.begin, end - line.begin
        sign = _separator_around(line.text, first, last)
        if sign is not None:
            yield (begin, end), _in_column(text, rows, line.text, sign, first)
        elif _WIDE.search(line.text) and not is_code:
            yield (begin, end), _under(text, rows, first, last)


def _separator_around(heading: str, begin: int, end: int) -> str | None:
    """Return the sign on either side of a name, if nothing else is there but blanks and quotes."""
    before = heading[max(begin - _NEAR, 0) : begin].rstrip(_AROUND_NAMES)
    behind = heading[end : end + _NEAR].lstrip(_AROUND_NAMES)
    signs = {before[-1:], behind[:1]} - {"", "(", ")"}
    sign = signs.pop() if len(signs) == 1 else ""
    return sign if sign and sign in _SEPARATORS else None


def _lines(text: str, begin: int) -> Iterator[Part]:
    """Give the lines of a text up to the first that is empty."""
    while begin < len(text):
        found = _LINE_END.search(text, begin)
        end, after = found.span() if found is not None else (len(text), len(text))
        if not text[begin:end].strip():
            return
        yield begin, end
        begin = after


def _in_column(
    text: str, rows: Iterable[Part], heading: str, sign: str, name_at: int
) -> Iterator[Part]:
    """Give the cells of a column, as long as rows have as many signs between as the heading."""
    number, index = heading.count(sign), heading.count(sign, 0, name_at)
    for begin, end in rows:
        row = text[begin:end]
        if _RULE.match(row):
            continue
        if row.count(sign) != number:
            return
        at = begin
        for _ in range(index):
            at = text.index(sign, at) + 1
        stop = text.find(sign, at, end)
        yield _stripped(text, at, end if stop < 0 else stop)


def _under(text: str, rows: Iterable[Part], first: int, last: int) -> Iterator[Part]:
    """Give the words of a printed table that have a column in common with its heading."""
    for begin, end in rows:
        for word in _WORD.finditer(text, begin, end):
            if word.start() - begin < last and first < word.end() - begin:
                yield word.span()


def _stripped(text: str, begin: int, end: int) -> Part:
    part = text[begin:end]
    left = len(part) - len(part.lstrip(_AROUND))
    return begin + left, max(begin + len(part.rstrip(_AROUND)), begin + left)


def _below_in_html(text: str, begin: int) -> Iterator[Part]:
    """Give the cells below a heading in a table of HTML."""
    row_begin = max(text.rfind("<tr", 0, begin), 0)
    index = sum(1 for _ in _CELL.finditer(text, row_begin, text.rfind("<t", 0, begin)))
    end = text.find("</table>", begin)
    end = len(text) if end < 0 else end
    at = text.find(_ROW_END, begin, end)
    for _ in range(_MOST_ROWS):
        stop = text.find(_ROW_END, at + 1, end) if at >= 0 else -1
        if stop < 0:
            return
        cell = next(islice(_CELL.finditer(text, at, stop), index, None), None)
        if cell is not None:
            yield cell.span(2)
        at = stop
