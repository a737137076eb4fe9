from dataclasses import replace

import numpy as np
import pandas
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.data_differences import difference, profiled_columns
from nbmlops.fingerprint_records import profile_records, value_record
from nbmlops.fingerprints.asking import fingerprint
from nbmlops.fingerprints.base import Fingerprint
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS
from tests.described import array, part, table

FLIGHTS = table(336_776, "delay float64 d", "origin string o", "hour int64 h")
FILE = Fingerprint("aa", "file", size_bytes=34_000_000, scheme="1:blake3")
OPAQUE_ROWS = {"strength": "opaque", "reason": "a lock", "unordered": "u"}
OPAQUE_NUMBERS = {"strength": "opaque", "reason": "a lock", "semantic": "s"}


def told(one, other):
    found = difference(value_record(one), value_record(other))
    return found.headline, list(found.words)


@pytest.mark.parametrize(
    ("before", "after", "headline", "words"),
    [
        pytest.param(
            FLIGHTS,
            table(300_000, "delay float64 d2", "origin string o2", "hour int64 h2"),
            "36,776 fewer rows",
            ["336,776 → 300,000 rows"],
            id="fewer rows",
        ),
        pytest.param(
            FLIGHTS,
            table(336_777, "delay float64 d2", "origin string o2", "hour int64 h2"),
            "1 more row",
            ["336,776 → 336,777 rows"],
            id="one more row",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "delay float64 d", "origin string o", "hour int64 h", "z bool z"),
            "column z added",
            ["column added: z"],
            id="a column more",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "hour int64 h"),
            "2 columns removed",
            ["columns removed: delay, origin"],
            id="columns fewer",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "late float64 d", "origin string o", "hour int64 h"),
            "column late renamed",
            ["renamed: delay → late"],
            id="renamed",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "delay float32 d", "origin string o", "hour int64 h"),
            "column delay of another type",
            ["of another type: delay (float64 → float32)"],
            id="another type",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "origin string o", "delay float64 d", "hour int64 h"),
            "columns in another order",
            ["columns in another order"],
            id="order of columns",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "delay float64 d2", "origin string o", "hour int64 h"),
            "column delay not the same",
            ["other values: delay"],
            id="values of a column",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "delay float64 d2", "origin string o2", "hour int64 h"),
            "2 columns not the same",
            ["other values: delay, origin"],
            id="values of columns",
        ),
        pytest.param(
            replace(FLIGHTS, unordered="u"),
            table(336_776, "delay float64 d2", "origin string o2", "hour int64 h2", unordered="u"),
            "rows in another order",
            ["the same rows in another order"],
            id="order of rows",
        ),
        pytest.param(
            replace(FLIGHTS, semantic="s", unordered="u"),
            table(336_776, "delay float64 d2", "origin string o", "hour int64 h", semantic="s"),
            "equal but for NaN or −0.0",
            ["equal numbers of other bits: −0.0 for 0.0, another NaN, or NaN for missing"],
            id="bits",
        ),
        pytest.param(
            FLIGHTS,
            table(9, "delay float32 d2", "z bool z", "hour int64 h2", "i int64 i index"),
            "336,767 fewer rows, column z added and 3 other changes",
            [
                "336,776 → 9 rows",
                "column added: z",
                "index level added: i",
                "column removed: origin",
                "of another type: delay (float64 → float32)",
            ],
            id="much at once",
        ),
        pytest.param(
            FLIGHTS,
            table(336_776, "i int64 i index", "delay float64 d", "origin string o", "hour int64 h"),
            "index level i added",
            ["index level added: i"],
            id="an index",
        ),
        pytest.param(
            table(3, "a int64 x", "a int64 y"),
            table(3, "a int64 x", "a int64 z"),
            "column a not the same",
            ["other values: a"],
            id="columns of one name",
        ),
        pytest.param(
            FLIGHTS,
            array(336_776, 3),
            "df 336,776×3 → array 336,776×3",
            ["df 336,776×3 → array 336,776×3"],
            id="another kind",
        ),
        pytest.param(
            array(60_000, 28, 28),
            array(50_000, 28, 28),
            "10,000 fewer rows",
            ["60,000 → 50,000 rows"],
            id="rows of an array",
        ),
        pytest.param(
            array(60, 28, 28), array(60, 32, 32), "60×28×28 → 60×32×32", ["60×28×28 → 60×32×32"],
            id="shape of an array",
        ),
        pytest.param(
            array(60, 2), array(120), "60×2 → 120", ["60×2 → 120"], id="axes of an array",
        ),
        pytest.param(
            array(60, 2), array(60, 2, content="x"), "other values", ["other values"],
            id="values of an array",
        ),
        pytest.param(
            FILE, replace(FILE, digest="bb", size_bytes=36_000_000), "other content",
            ["34 MB → 36 MB", "other content"], id="file",
        ),
        pytest.param(
            FILE, replace(FILE, digest="bb", size_bytes=None), "other content",
            ["other content"], id="file of unknown size",
        ),
        pytest.param(
            FLIGHTS,
            replace(FLIGHTS, digest="bb", strength="opaque", reason="a lock"),
            "other values",
            ["other values", "not looked at as a whole (opaque): a lock"],
            id="in part",
        ),
        pytest.param(
            replace(FLIGHTS, **OPAQUE_ROWS),
            replace(FLIGHTS, digest="bb", **OPAQUE_ROWS),
            "other values",
            ["other values", "not looked at as a whole (opaque): a lock"],
            id="in part, the rest the same in another order",
        ),
        pytest.param(
            replace(FLIGHTS, **OPAQUE_NUMBERS),
            replace(FLIGHTS, digest="bb", **OPAQUE_NUMBERS),
            "other values",
            ["other values", "not looked at as a whole (opaque): a lock"],
            id="in part, the rest of the same meaning",
        ),
        pytest.param(
            array(2, 2, element_type="float64"),
            array(2, 2, element_type="int64"),
            "of another type: float64 → int64",
            ["of another type: float64 → int64"],
            id="type of an array",
        ),
        pytest.param(
            FLIGHTS,
            replace(FLIGHTS, digest="bb", axis_names=("measure",)),
            "other names of column levels",
            ["names of column levels: none → measure"],
            id="name of the columns",
        ),
    ],
)  # fmt: skip
def test_difference_is_said_in_words(before, after, headline, words):
    assert told(before, after) == (headline, words)


def test_data_of_equal_digests_is_the_same():
    assert difference(value_record(FLIGHTS), value_record(FLIGHTS)) is None


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        pytest.param(
            replace(FLIGHTS, strength="opaque", reason="column x: a generator"),
            replace(FLIGHTS, strength="opaque", reason="column x: a generator"),
            "no difference found, but not looked at as a whole (opaque): column x: a generator",
            id="equal digests of what was not looked at as a whole",
        ),
        pytest.param(
            FLIGHTS,
            replace(FLIGHTS, digest="bb", scheme="2:xxh3_128"),
            "recorded with digests that cannot be compared (1:xxh3_128 and 2:xxh3_128)",
            id="digests of another scheme",
        ),
        pytest.param(
            FILE,
            replace(FILE, digest="bb", kind="opaque", strength="opaque", reason="no such file"),
            "not looked at as a whole (opaque): no such file",
            id="a file that could not be read",
        ),
        pytest.param(
            replace(FLIGHTS, kind="opaque", strength="opaque", reason="takes too long"),
            replace(FLIGHTS, digest="bb", scheme="1:blake3"),
            "not looked at as a whole (opaque): takes too long",
            id="what is opaque and of another scheme",
        ),
    ],
)
def test_what_the_records_cannot_tell_is_said_to_be_unknown(before, after, words):
    found = difference(value_record(before), value_record(after))
    assert (found.is_known, found.words) == (False, (words,))


def test_what_is_beyond_the_columns_listed_is_said_to_be_there():
    names = [f"g{number} float64 {number}" for number in range(MOST_COLUMNS + 1)]
    headline, words = told(table(9, *names), table(9, *names[:-1], "last float64 other"))
    assert (headline, words) == ("not the same", ["differs beyond its first 2,000 columns"])
    headline, words = told(table(9, *names), table(9, "g0 float64 new", *names[1:]))
    assert headline == "column g0 not the same"
    assert words == ["other values: g0", "beyond the first 2,000 columns not compared"]


def test_many_columns_are_named_up_to_ten():
    before = table(9, *(f"c{number} int64 x{number}" for number in range(30)))
    after = table(9, *(f"c{number} int64 y{number}" for number in range(30)))
    (words,) = told(before, after)[1]
    assert words == "other values: " + ", ".join(f"c{n}" for n in range(10)) + " and 20 more"


def test_profiles_are_wanted_of_the_columns_that_differ():
    after = table(5, "delay float64 d2", "origin string o", "z int64 h3", "hour int32 h")
    wanted = profiled_columns(value_record(FLIGHTS), value_record(after))
    names = ["delay float64 d", "delay float64 d2", "hour int64 h", "hour int32 h"]
    assert wanted == [part(name).digest for name in names]
    assert profiled_columns(value_record(FLIGHTS), value_record(FLIGHTS)) == []
    assert profiled_columns(value_record(FLIGHTS), value_record(array(2))) == []


def real(frame):
    found = fingerprint(frame, profile=True)
    return value_record(found), {record.digest: record for record in profile_records(found)}


NUMBERS = pandas.DataFrame({
    "steady": [float(n % 100) for n in range(2_000)],
    "shifted": [float(n % 100) for n in range(2_000)],
    "moved": [float(n % 100) for n in range(2_000)],
    "word": ["a", "b"] * 1_000,
})  # fmt: skip


@pytest.mark.parametrize(
    ("change", "headline", "words"),
    [
        pytest.param(
            lambda frame: frame.iloc[:1_900], "100 fewer rows",
            ["2,000 → 1,900 rows", "steady, shifted, moved, word: distribution alike"],
            id="fewer rows like the others",
        ),
        pytest.param(
            lambda frame: frame.assign(shifted=frame.shifted + 50, moved=frame.moved[::-1].values),
            "2 columns not the same",
            ["shifted: mean 49.5 → 99.5", "moved: values differ, distribution alike"],
            id="one moved, one in another order",
        ),
        pytest.param(
            lambda frame: frame.sample(frac=1, random_state=0, ignore_index=True),
            "rows in another order", ["the same rows in another order"], id="shuffled",
        ),
        pytest.param(
            lambda frame: frame.assign(steady=frame.steady * -1.0 * -1.0 + 0.0)
            .assign(moved=frame.moved.where(frame.moved != 0, -0.0)),
            "equal but for NaN or −0.0",
            ["equal numbers of other bits: −0.0 for 0.0, another NaN, or NaN for missing"],
            id="sign of zero",
        ),
        pytest.param(
            lambda frame: frame.assign(word="c"), "column word not the same",
            ["word: 1 new value; 2 values gone"], id="other texts",
        ),
        pytest.param(
            lambda frame: frame.astype({"steady": "int64"}), "column steady of another type",
            ["of another type: steady (float64 → int64)"],
            id="another type",
        ),
    ],
)  # fmt: skip
def test_real_data_is_told_apart_by_its_profiles(change, headline, words):
    (before, known), (after, more) = real(NUMBERS), real(change(NUMBERS))
    found = difference(before, after, known | more)
    assert found.headline == headline
    assert len(found.words) == len(words)
    for said, expected in zip(found.words, words, strict=True):
        assert said.startswith(expected)


SIZES = pandas.DataFrame({"size": pandas.Categorical(["s", "m"] * 9), "price": [1.0, 2.0] * 9})


def with_sizes(change):
    return lambda frame: frame.assign(size=change(frame["size"].cat))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        pytest.param(
            with_sizes(lambda size: size.reorder_categories(["s", "m"])),
            ["size: categories in another order"],
            id="order of categories",
        ),
        pytest.param(
            with_sizes(lambda size: size.add_categories(["z"])),
            ["size: categories 2 → 3"],
            id="a category without rows",
        ),
        pytest.param(
            with_sizes(lambda size: size.rename_categories({"m": "l"})),
            ["size: other categories; 1 new value; 1 value gone; total variation 0.50"],
            id="another category",
        ),
        pytest.param(
            lambda frame: frame.rename_axis(columns="q"),
            ["names of column levels: none → q"],
            id="name of the columns",
        ),
        pytest.param(
            lambda frame: frame.assign(price=[np.inf, *frame.price[1:]]),
            ["price: infinite 0 → 1; mean 1.5 → 1.529; KS 0.03"],
            id="an infinity first",
        ),
        pytest.param(
            lambda frame: frame.rename_axis("row").reset_index(),
            ["column added: row"],
            id="an index made a column",
        ),
        pytest.param(
            lambda frame: frame.set_axis(range(1, 19)),
            ["index level added: without a name"],
            id="an index without a name",
        ),
    ],
)
def test_rows_are_in_another_order_only_where_nothing_else_changed(change, words):
    (before, known), (after, more) = real(SIZES), real(change(SIZES))
    assert list(difference(before, after, known | more).words) == words


def test_what_is_furthest_from_before_comes_first():
    changed = NUMBERS.assign(steady=NUMBERS.steady + 5, shifted=NUMBERS.shifted + 50)
    (before, known), (after, more) = real(NUMBERS), real(changed)
    words = difference(before, after, known | more).words
    assert [each.partition(":")[0] for each in words] == ["shifted", "steady"]


def test_the_numbers_of_a_list_are_no_column():
    (before, known), (after, more) = real(np.arange(9.0)), real(np.arange(9.0) * 2)
    found = difference(before, after, known | more)
    assert found.headline == "other values"
    assert found.words[0].startswith("mean 4 → 8")
    assert difference(before, after).words == ("other values",)


def test_types_are_told_without_empty_brackets():
    days = pandas.DataFrame({"day": pandas.to_datetime(["2013-01-01", "2013-01-02"])})
    (before, known), (after, more) = (
        real(days),
        real(days.assign(day=days.day.dt.tz_localize("UTC"))),
    )
    assert difference(before, after, known | more).words == (
        "of another type: day (timestamp → timestamp[tz=UTC])",
    )


def test_without_profiles_the_columns_are_named():
    (before, _), (after, _) = real(NUMBERS), real(NUMBERS.assign(shifted=1.0, moved=2.0))
    assert difference(before, after).words == ("other values: shifted, moved",)


columns = st.lists(
    st.tuples(
        st.sampled_from("abc"), st.sampled_from(["int64", "string"]), st.sampled_from("xyz"),
        st.sampled_from(["", "index"]),
    ).map(" ".join),
    max_size=5,
)  # fmt: skip
tables = st.builds(
    lambda rows, names, **fields: table(rows, *names, **fields),
    st.integers(0, 3), columns, strength=st.sampled_from(["exact", "opaque"]),
    unordered=st.sampled_from([None, "u"]), semantic=st.sampled_from([None, "s"]),
)  # fmt: skip


@given(tables, tables)
def test_whatever_differs_has_words(one, other):
    found = difference(value_record(one), value_record(other))
    if one.digest == other.digest:
        assert (found is None) == one.is_exact
    else:
        assert found.headline
        assert found.words
        assert all(found.words)


@given(tables, tables)
def test_every_column_is_accounted_for_once(one, other):
    found = difference(value_record(one), value_record(other))
    if found is None or not found.is_known:
        return
    gone = [each.before for each in found.columns if each.before is not None]
    new = [each.after for each in found.columns if each.after is not None]
    kept = list(one.columns)
    for each in gone:
        kept.remove(each)
    result = sorted([*kept, *new], key=repr)
    assert result == sorted(other.columns, key=repr)
    assert not any(each.before == each.after for each in found.columns)
    assert len(profiled_columns(value_record(one), value_record(other))) == 2 * len(
        [each for each in found.columns if each.change in ("changed", "retyped")]
    )


@given(tables, tables)
def test_the_way_back_takes_away_what_the_way_there_added(one, other):
    there = difference(value_record(one), value_record(other))
    back = difference(value_record(other), value_record(one))
    assert (there is None) == (back is None)
    if there is not None and back is not None:
        for change, inverse in (("added", "removed"), ("removed", "added"), ("changed", "changed")):
            assert [each.change for each in there.columns].count(change) == [
                each.change for each in back.columns
            ].count(inverse)
