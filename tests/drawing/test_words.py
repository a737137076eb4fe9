import math
from datetime import datetime

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from nbmlops.drawing import words

NOON = datetime(2024, 5, 15, 12, 0).timestamp()


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-5.0, "-5"),
        (0.912345, "0.9123"),
        (-0.000123456, "-0.0001235"),
        (1e-7, "1e-07"),
        (999.96, "1000"),
        (1500.0, "1500"),
        (1234.56, "1234.6"),
        (12_345.6, "12,346"),
        (1_234_567.8, "1,234,568"),
        (-1_234_567.0, "-1,234,567"),
        (1e15, "1e+15"),
        (1.5e300, "1.5e+300"),
        (math.nan, "NaN"),
        (math.inf, "∞"),
        (-math.inf, "−∞"),
        (7, "7"),
        (9_999, "9999"),
        (336_776, "336,776"),
        (-12_345, "-12,345"),
    ],
)
def test_number(value, expected):
    assert words.number(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0.0134, "+0.0134"),
        (-2.0, "−2"),
        (0.0, "±0"),
        (-0.0, "±0"),
        (math.inf, "+∞"),
        (-math.inf, "−∞"),
        (math.nan, "?"),
    ],
)
def test_signed(value, expected):
    assert words.signed(value) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (None, ""),
        (0.0, "0 ms"),
        (0.0123, "12 ms"),
        (1.0, "1.0 s"),
        (3.21, "3.2 s"),
        (60.0, "1 min 0 s"),
        (125, "2 min 5 s"),
        (3_599.7, "1 h 0 min"),
        (7_300, "2 h 1 min"),
        (100_000, "27 h 46 min"),
    ],
)
def test_duration(seconds, expected):
    assert words.duration(seconds) == expected


@pytest.mark.parametrize(
    ("ago_seconds", "expected"),
    [
        (0, "0 s ago"),
        (-5, "0 s ago"),  # two clocks that differ
        (89, "89 s ago"),
        (90, "2 min ago"),
        (3_599, "60 min ago"),
        (7_200, "today 10:00"),
        (86_400, "14 May 12:00"),
        (200 * 86_400, "28 Oct 2023"),
    ],
)
def test_when(ago_seconds, expected):
    moment = datetime(2023, 10, 28, 12).timestamp() if ago_seconds > 1e7 else NOON - ago_seconds
    assert words.when(moment, NOON) == expected


def test_iso_is_utc_to_the_millisecond():
    assert words.iso(0.0125) == "1970-01-01T00:00:00.012+00:00"
    assert words.iso(None) is None


def test_moment_reads_back_as_the_same_second():
    text = words.moment(NOON + 0.6)
    assert datetime.strptime(text[:19], "%Y-%m-%d %H:%M:%S").timestamp() == NOON


@pytest.mark.parametrize(
    ("count", "expected"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1_000, "1.0 kB"),
        (20_480, "20 kB"),
        (5_300_000, "5.3 MB"),
        (2_000_000_000, "2.0 GB"),
        (7_500_000_000_000, "7.5 TB"),
    ],
)
def test_size(count, expected):
    assert words.size(count) == expected


@pytest.mark.parametrize(
    ("amount", "expected"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs"), (12_345, "12,345 runs")]
)
def test_count(amount, expected):
    assert words.count(amount, "run") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("plain é 日本 🙂", "plain é 日本 🙂", id="letters stay"),
        pytest.param("a\n\tb", "a\n\tb", id="lines and tabs stay"),
        pytest.param("\x1b[31mred\x1b[0m", "␛[31mred␛[0m", id="colour"),
        pytest.param("\x1b]0;title\x07", "␛]0;title␇", id="window title"),
        pytest.param("10%\r20%", "10%␍20%", id="carriage return"),
        pytest.param("a\x00b\x08", "a␀b␈", id="NUL and backspace"),
        pytest.param("\x7f\x9b31m", "��31m", id="DEL and the one-character escape"),
        pytest.param("\ud800", "�", id="lone surrogate"),
        pytest.param("safe\u202egpj.exe", "safe�gpj.exe", id="marks of direction"),
        pytest.param("שלום", "שלום", id="letters from right to left stay"),
    ],
)
def test_visible_shows_control_characters_instead_of_obeying_them(text, expected):
    assert words.visible(text) == expected


@pytest.mark.parametrize(
    ("text", "longest", "expected"),
    [
        pytest.param("abc", 3, "abc", id="fits"),
        pytest.param("abcdef", 4, "abc…", id="cut"),
        pytest.param("a\nb", 9, "a⏎b", id="line end"),
        pytest.param("a\r\nb", 9, "a⏎b", id="Windows line end"),
        pytest.param("\x1b[1m", 9, "␛[1m", id="escape"),
        pytest.param("", 5, "", id="empty"),
    ],
)
def test_shortened(text, longest, expected):
    assert words.shortened(text, longest) == expected


anything = st.text(st.characters())


@given(anything, st.integers(1, 50))
@example("a\u2028b\u2029c\x85d", 50)
def test_shortened_is_one_line_of_at_most_so_many_characters(text, longest):
    found = words.shortened(text, longest)
    assert len(found) <= longest
    assert len(found.splitlines()) <= 1


@given(anything)
def test_visible_text_can_be_encoded_and_holds_no_control(text):
    found = words.visible(text)
    assert len(found) == len(text)
    found.encode("utf-8")
    assert not any(
        ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for char in found if char not in "\n\t"
    )
    assert words.visible(found) == found


@given(st.floats())
def test_a_number_is_never_longer_than_twenty_characters(value):
    assert 0 < len(words.number(value)) <= 20


@given(st.floats(allow_nan=False, allow_infinity=False, min_value=-1e14, max_value=1e14))
def test_a_number_reads_back_to_four_digits(value):
    shown = float(words.number(value).replace(",", ""))
    assert shown == pytest.approx(value, rel=6e-4)
