"""Which fields hold texts: every one that nobody has left out, so also one that is yet to come."""

from dataclasses import dataclass, replace

import pytest

from nbmlops.records import Digest, Execution, ExecutionId, Names, Outcome, Param, RunId, SessionId
from nbmlops.tracking.record_texts import with_texts


@dataclass(frozen=True, slots=True)
class Part:
    word: str


@dataclass(frozen=True, slots=True)
class Record:
    text: str = ""
    perhaps: str | None = None
    many: tuple[str, ...] = ()
    part: Part | None = None
    parts: tuple[Part, ...] = ()
    digest: Digest | None = None
    outcome: Outcome = "ok"
    count: int = 0
    data: bytes = b""


FULL = Record("a", "b", ("c", "d"), Part("e"), (Part("f"), Part("g")), Digest("h"), "ok", 1, b"i")


def test_every_text_of_a_record_is_taken_and_nothing_else():
    found = with_texts(FULL, lambda _kind, _field, text: text.upper())
    assert found == replace(
        FULL, text="A", perhaps="B", many=("C", "D"), part=Part("E"), parts=(Part("F"), Part("G"))
    )


@pytest.mark.parametrize("record", [FULL, Record()], ids=["full", "empty"])
def test_a_record_whose_texts_stay_is_the_very_same(record):
    assert with_texts(record, lambda _kind, _field, text: text) is record


def test_it_is_told_where_each_text_stands():
    places = []
    with_texts(FULL, lambda kind, field, text: places.append((kind, field)) or text)
    assert [*dict.fromkeys(places)] == [
        (Record, "text"), (Record, "perhaps"), (Record, "many"), (Part, "word"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("record", "texts"),
    [
        pytest.param(Param.of(RunId("r"), "lr", 1, "logged"), ["lr", "1"], id="type of a value"),
        pytest.param(
            Execution(ExecutionId("e"), SessionId("s"), 1, "x", 0.0, "key", names=Names(("y",))),
            ["x", "y"], id="key of a cell",
        ),
    ],
)  # fmt: skip
def test_words_of_our_own_are_left_out(record, texts):
    seen = []
    with_texts(record, lambda _kind, _field, text: seen.append(text) or text)
    assert seen == texts
