from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.cells.run_again import to_run_again
from nbmlops.cells.staleness import Freshness
from nbmlops.records import FileUse, Items, Names
from tests.cells.sessions import places, session


def grown(executions, digests=None, files=()):
    fresh = Freshness()
    for execution in executions:
        known = {
            (name, role): digest
            for (number, name, role), digest in (digests or {}).items()
            if number == execution.sequence
        }
        theirs = [use for use in files if use.execution_id == execution.id]
        fresh.add(execution, known, theirs)
    return fresh


def why(steps, order="", **known):
    """Return by stale cell its reasons: kind, name, made by, since."""
    found = grown(session(*steps), **known).stale(places(order) if order else None)
    return {
        stale.execution.cell_key: [
            (reason.kind, reason.name, *(each and each.sequence for each in reason[2:4]))
            for reason in stale.reasons
        ]
        for stale in found
    }


X, Y = "a: x = 1", "b: y = x"
RANDOM, SEED, SHOWN = "<numpy.random>", "<seed of numpy.random>", "<pandas display options>"


@pytest.mark.parametrize(
    ("steps", "expected"),
    [
        pytest.param([X, Y], {}, id="in order"),
        pytest.param([X, Y, "a: x = 2"], {"b": [("written", "x", 1, 3)]}, id="executed again"),
        pytest.param([X, Y, "c: x = 2"], {"b": [("written", "x", 1, 3)]}, id="by another cell"),
        pytest.param([X, Y, "a: x = 2", Y], {}, id="and brought up to date"),
        pytest.param([X, Y, X], {}, id="the same executed again"),
        pytest.param([X, Y, "a: x = 2", X], {}, id="changed and changed back"),
        pytest.param([X, Y, "a: x = 2", "c: z = 1"], {"b": [("written", "x", 1, 3)]},
                     id="what others do meanwhile does not matter"),
        pytest.param(["a: x = []", "b: y = x", "c: x.append(1)"], {"b": [("changed", "x", 1, 3)]},
                     id="changed in place"),
        pytest.param(["a: x = 1", "b: y = x", "c: x += 1"], {"b": [("changed", "x", 1, 3)]},
                     id="added to"),
        pytest.param(["a: x = 1", "b: x += 1"], {}, id="changed by itself"),
        pytest.param(["a: x = 1", "b: x += 1", "b: x += 1"], {}, id="changed by itself, twice"),
        pytest.param(["a: x = 1", "b: x += 1", "a: x = 5"], {"b": [("written", "x", 1, 3)]},
                     id="its input written after it changed it"),
        pytest.param(["a: x = []", "b: x.append(1)", "c: x.append(2)"], {},
                     id="what it changed itself, changed further"),
        pytest.param(["a: x = 1", "b: x = x + 1", "c: x = x * 2"], {},
                     id="what it made of its input, made something else"),
        pytest.param([X, Y, "c: del x"], {"b": [("deleted", "x", 1, 3)]}, id="deleted"),
        pytest.param([X, Y, "c: del x", X], {}, id="deleted and made again the same"),
        pytest.param([X, Y, "c: del x", "a: x = 2"],
                     {"b": [("written", "x", 1, 4)], "c": [("written", "x", 1, 4)]},
                     id="deleted and made another"),
        pytest.param([X, Y, "c: z = y", "a: x = 2"],
                     {"b": [("written", "x", 1, 4)], "c": [("stale", "y", 2, None)]},
                     id="stands on a stale cell"),
        pytest.param([X, Y, "c: z = y", "d: z", "a: x = 2", Y],
                     {"c": [("written", "y", 2, 6)], "d": [("stale", "z", 3, None)]},
                     id="the first of a chain brought up to date"),
        pytest.param([X, Y, "c: z = x + y", "a: x = 2"],
                     {"b": [("written", "x", 1, 4)],
                      "c": [("written", "x", 1, 4), ("stale", "y", 2, None)]},
                     id="for two reasons"),
        pytest.param([X, Y, "a: w = 1"], {"b": [("left_over", "x", 1, 3)]},
                     id="its maker's cell does not make it any more"),
        pytest.param([X, Y, "a: x = 1!"], {"b": [("written", "x", 1, 3)]}, id="made half-way"),
        pytest.param([X, Y, "a: w = 1", "c: x = 2"], {"b": [("written", "x", 1, 4)]},
                     id="its maker edited, and made elsewhere"),
        pytest.param([X, "a: w = 1", Y], {}, id="left over already when it was read"),
        pytest.param([X, Y, "a: w = 1", "a: w = 1"], {"b": [("left_over", "x", 1, 4)]},
                     id="its maker's edited cell run again as it is"),
        pytest.param(["a: x = f()", Y, "a: x = f()!", "a: x = f()"], {},
                     id="made half-way and then wholly"),
        pytest.param([X, Y, "a: w = 1", X, X], {}, id="its maker edited back and run twice"),
        pytest.param([X, Y, "a: w = 1", "c: x = 2", "a: w = 1"], {"b": [("written", "x", 1, 4)]},
                     id="made elsewhere before its maker's edited cell ran again"),
        pytest.param(["b: y = x", "a: x = 1"], {"b": [("written", "x", None, 2)]},
                     id="made before the recording began, and now"),
        pytest.param(["a: x = 1", "b: x"], {}, id="only looked at"),
        pytest.param(["a: import os", "b: os", "a: import os"], {}, id="imports again"),
        pytest.param(["a: import os", "b: os", "a: import os\nimport re"], {},
                     id="one import more"),
        pytest.param(["p: k = 1\nw = 2", "b: k", "c: w", "p: k = 1\nw = 3"],
                     {"c": [("written", "w", 1, 4)]}, id="one of two parameters changed"),
        pytest.param(["k: k = 1", "a: def f(): return k", "b: y = f", "a: def f(): return k"],
                     {}, id="function defined again"),
        pytest.param(["a: x = 1", "b: x = 2", "c: y = x", "a: x = 1"],
                     {"c": [("written", "x", 2, 4)]}, id="the other of two makers again"),
        pytest.param(["a: x = y", "b: y = x", "a: x = y"],
                     {"b": [("written", "x", 1, 3)], "a": [("stale", "y", 2, None)]},
                     id="in a circle"),
    ],
)  # fmt: skip
def test_what_is_stale_and_why(steps, expected):
    assert why(steps) == expected


FRAME = ["a: d = []", "b: d.append(1)", "s: len(d)", "c: d.append(2)"]


@pytest.mark.parametrize(
    ("steps", "order", "expected"),
    [
        pytest.param(FRAME, "absc", {}, id="changed below, as from top to bottom"),
        pytest.param(FRAME, "abcs", {"s": [("changed", "d", 2, 4)]}, id="changed above"),
        pytest.param(FRAME, "abs", {"s": [("changed", "d", 2, 4)]}, id="changed who knows where"),
        pytest.param([*FRAME, "a: d = [0]"], "absc",
                     {"b": [("written", "d", 1, 5)], "s": [("written", "d", 2, 5)],
                      "c": [("written", "d", 2, 5)]}, id="the first one again, another value"),
        pytest.param([*FRAME, "a: d = []", "b: d.append(1)"], "absc", {},
                     id="made and changed again, the same"),
        pytest.param(["w: x = 1", "r: x", "w: x = 2"], "rw", {"r": [("written", "x", 1, 3)]},
                     id="what it read from below"),
        pytest.param([X, Y, "d: del x"], "abd", {}, id="deleted below"),
        pytest.param([X, Y, "d: del x"], "adb", {"b": [("deleted", "x", 1, 3)]},
                     id="deleted above"),
    ],
)  # fmt: skip
def test_where_cells_stand_tells_what_counts(steps, order, expected):
    assert why(steps, order) == expected


@pytest.mark.parametrize(
    ("digests", "stale"),
    [
        pytest.param({(1, "d", "written"): "D", (3, "d", "written"): "D"}, [], id="the same"),
        pytest.param({(1, "d", "written"): "D", (3, "d", "written"): "E"}, ["b"], id="another"),
        pytest.param({(2, "d", "read"): "D", (3, "d", "written"): "D"}, [],
                     id="the same, seen where it was read"),
        pytest.param({(1, "d", "written"): "D"}, ["b"], id="one is not known"),
        pytest.param({}, ["b"], id="none is known"),
    ],
)  # fmt: skip
def test_data_of_the_same_digest_is_the_same_whatever_made_it(digests, stale):
    assert [*why(["a: d = 1", "b: d", "a: d = 2"], digests=digests)] == stale


def test_a_digest_counts_more_than_the_same_source():
    digests = {(1, "d", "written"): "D", (3, "d", "written"): "E"}
    assert [*why(["a: d = load()", "b: d", "a: d = load()"], digests=digests)] == ["b"]


def hidden(execution, *, defined=(), used=(), touched=()):
    names = execution.names
    return replace(
        execution,
        names=Names((*names.defined, *defined), (*names.used, *used), (*names.touched, *touched)),
    )


def stale_cells(executions):
    fresh = grown(executions)
    return [entry.execution.cell_key for entry in fresh.stale()]


def drawing(*steps):
    state = ("<numpy.random>",)
    return [
        hidden(each, used=state, touched=state) if "draw" in each.source else each
        for each in session(*steps)
    ]


TAKES_A = Names(used=("df",), items_used=(Items("df", ("a",)),))
MAKES = Names(defined=("df",))


def puts(*items, new=()):
    """Return the names of a cell that sets columns of `df`."""
    changed = Items("df", tuple(sorted((*items, *new, *(("",) if new else ())))))
    return Names(
        used=("df",), touched=("df",), items_used=(Items("df", ()),), items_changed=(changed,)
    )


def takes(item):
    return Names(used=("df",), items_used=(Items("df", (item,)),))


def makes_of(item, made):
    """Return the names of a cell that makes a column of `df` of another one."""
    names = Names(used=("df",), touched=("df",), items_used=(Items("df", (item,)),))
    return replace(names, items_changed=(Items("df", (made,)),))


def reassigns(item, made):
    """Return the names of a cell that makes a frame of the one before, with a column anew."""
    return replace(makes_of(item, made), touched=(), defined=("df",))


COPIES = Names(used=("df",), defined=("df",), items_changed=(Items("df", ()),))


@pytest.mark.parametrize(
    ("steps", "stale"),
    [
        pytest.param([("m", MAKES), ("r", TAKES_A), ("z", puts(new="z"))], [],
                     id="another column added"),
        pytest.param([("m", MAKES), ("z", puts(new="z")), ("r", TAKES_A), ("z", puts("z"))], [],
                     id="another column made again"),
        pytest.param([("m", MAKES), ("r", TAKES_A), ("a", puts("a"))], ["r"], id="this column"),
        pytest.param([("m", MAKES), ("a", puts("a")), ("z", puts("z")), ("r", TAKES_A),
                      ("a", puts("a"))], ["r"], id="this column, beyond another"),
        pytest.param([("m", MAKES), ("a", puts("a")), ("z", puts("z")), ("r", TAKES_A),
                      ("m", MAKES)], ["a", "z", "r"], id="all made again"),
        pytest.param([("m", MAKES), ("r", TAKES_A), ("c", COPIES)], [], id="a copy made"),
        pytest.param([("m", MAKES), ("a", puts("a")), ("r", TAKES_A), ("c", COPIES)], [],
                     id="a copy made of what was changed"),
        pytest.param([("m", MAKES), ("w", Names(used=("df",))), ("z", puts(new="z"))], ["w"],
                     id="who takes all"),
        pytest.param([("z", puts("z")), ("r", TAKES_A), ("z", puts("z"))], [],
                     id="of a frame from before the recording"),
        pytest.param([("m", MAKES), ("a", puts(new="a")), ("b", makes_of("a", "b")),
                      ("r", takes("b")), ("a", puts("a"))], ["b", "r"],
                     id="this column, which another is made of"),
        pytest.param([("m", MAKES), ("a", puts(new="a")), ("b", makes_of("a", "b")),
                      ("c", makes_of("b", "c")), ("r", takes("c")), ("a", puts("a"))],
                     ["b", "c", "r"], id="a chain of columns"),
        pytest.param([("m", MAKES), ("a", makes_of("raw", "a")), ("b", makes_of("a", "a")),
                      ("a", makes_of("raw", "a"))], ["b"],
                     id="the column that it changes is made again"),
        pytest.param([("m", MAKES), ("a", makes_of("a", "a")), ("b", makes_of("a", "a"))], [],
                     id="a column changed twice, one after the other"),
        pytest.param([("m", MAKES), ("a", makes_of("b", "a")), ("b", makes_of("a", "b"))], [],
                     id="a column made of the one that was made of it"),
        pytest.param([("m", MAKES), ("a", reassigns("raw", "a")), ("b", reassigns("a", "b")),
                      ("r", takes("b")), ("a", reassigns("raw", "a"))], ["b", "r"],
                     id="frames made of frames"),
    ],
)  # fmt: skip
def test_who_takes_a_column_is_stale_only_by_those_who_change_it(steps, stale):
    """Each write is of another version: the sources of the steps are all different."""
    executions = session(*(f"{cell}: # {number}" for number, (cell, _) in enumerate(steps)))
    fresh = grown(
        replace(each, names=names) for each, (_, names) in zip(executions, steps, strict=True)
    )
    assert [each.execution.cell_key for each in fresh.stale()] == stale


@pytest.mark.parametrize(
    ("columns", "stale"),
    [
        pytest.param({"1": {"a": "A"}, "2": {"a": "A", "z": "Z"}}, [], id="the same"),
        pytest.param({"1": {"a": "A"}, "2": {"a": "B", "z": "Z"}}, ["r"], id="another"),
        pytest.param({"1": {"a": "A"}}, ["r"], id="not known"),
    ],
)
def test_a_column_of_the_same_digest_is_the_same_whatever_else_there_is(columns, stale):
    executions = session("a: # 1", "r: # 2", "z: # 3", "a: # 4")
    names = [puts(new="a"), TAKES_A, puts(new="z"), puts("a")]
    fresh = Freshness(columns)
    for each, one, digest in zip(executions, names, ["1", None, None, "2"], strict=True):
        fresh.add(replace(each, names=one), {("df", "written"): digest} if digest else {})
    assert [each.execution.cell_key for each in fresh.stale()] == stale


def test_a_stale_maker_of_another_column_makes_nobody_stale_who_does_not_take_it():
    executions = session("x: x = 1", "m: df", "z: df['z'] = x", "r: df['a']", "x: x = 2")
    names = [MAKES, replace(puts(new="z"), used=("df", "x")), TAKES_A]
    named = [replace(each, names=one) for each, one in zip(executions[1:4], names, strict=True)]
    stale = grown([executions[0], *named, executions[4]]).stale()
    assert [each.execution.cell_key for each in stale] == ["z"]


def test_random_states_alone_make_nothing_stale():
    assert stale_cells(drawing("a: draw()", "b: draw()", "a: draw()")) == []


SEEDS, DRAWS, SETS = "a: seed(0)", "b: x = rand_draw()", "a: set_option('p', 2)"
SHOWS = "b: df"


def felt(steps, order=""):
    """Return the stale cells, with what made them so, of cells that seed, draw, set and show.

    Who says that it sets again finds the option set already, which is not seen.
    """
    made = []
    for each in session(*steps):
        if "again" in each.source:
            made.append(each)
            continue
        name = RANDOM if "seed" in each.source or "draw" in each.source else SHOWN
        if "seed" in each.source or "set_" in each.source:
            made.append(hidden(each, defined=[name]))
        else:
            made.append(hidden(each, used=[name], touched=[name] * (name == RANDOM)))
    found = grown(made).stale(places(order) if order else None)
    return {
        stale.execution.cell_key: [(why.kind, why.name) for why in stale.reasons] for stale in found
    }


@pytest.mark.parametrize(
    ("steps", "order", "expected"),
    [
        pytest.param([SEEDS, DRAWS, "a: seed(5)"], "ab", {"b": [("written", SEED)]},
                     id="seeded otherwise"),
        pytest.param([SEEDS, DRAWS, "a: seed(5)"], "", {"b": [("written", SEED)]},
                     id="seeded otherwise, in no known order"),
        pytest.param([SEEDS, DRAWS, SEEDS], "ab", {}, id="seeded the same again"),
        pytest.param([SEEDS, DRAWS, "a: y = 2\nseed(0)"], "ab", {},
                     id="seeded the same beside something else"),
        pytest.param([SEEDS, "c: draw()", DRAWS, "a: seed(5)"], "acb",
                     {"c": [("written", SEED)], "b": [("written", SEED)]},
                     id="all who drew from it"),
        pytest.param([SEEDS, DRAWS, "a: seed(5)", DRAWS], "ab", {}, id="drawn again"),
        pytest.param([SEEDS, DRAWS, "c: seed(1)"], "abc", {}, id="seeded below"),
        pytest.param([SEEDS, DRAWS, "c: seed(1)"], "", {},
                     id="seeded by another cell, in no known order"),
        pytest.param([SEEDS, DRAWS, "c: seed(1)"], "acb", {"b": [("written", SEED)]},
                     id="seeded between"),
        pytest.param([SEEDS, "c: seed(1)", DRAWS, "a: seed(5)"], "acb", {},
                     id="seeded otherwise before a later seed"),
        pytest.param([DRAWS, SEEDS], "ab", {"b": [("written", SEED)]}, id="seeded at last"),
        pytest.param([SEEDS, DRAWS, "a: y = 2"], "ab", {"b": [("left_over", SEED)]},
                     id="seeded no more"),
        pytest.param(["k: n = 0", "a: seed(n)", DRAWS, "k: n = 1"], "kab",
                     {"a": [("written", "n")], "b": [("stale", SEED)]},
                     id="seeded with another value"),
        pytest.param(["k: n = 0", "a: m = n\nseed(1)", DRAWS, "k: n = 1"], "kab",
                     {"a": [("written", "n")]}, id="beside what is stale"),
        pytest.param([SETS, SHOWS, "a: set_option('p', 4)"], "ab",
                     {"b": [("written", SHOWN)]}, id="shown with other options"),
        pytest.param([SETS, SHOWS, SETS], "ab", {}, id="shown with the same options"),
        pytest.param([SETS, SHOWS, "a: import x\nset_option('p', 2)"], "ab", {},
                     id="options set beside one more import"),
        pytest.param([SETS, SHOWS, "a: again = 1\nset_option('p', 2)"], "ab", {},
                     id="options set that are set already"),
        pytest.param([SETS, SHOWS, "a: again = 1"], "ab", {"b": [("left_over", SHOWN)]},
                     id="options set no more"),
        pytest.param([SETS, "b: x = df.sum()", "a: set_option('p', 4)"], "ab", {},
                     id="options of what shows nothing"),
        pytest.param([SETS, "b: df;", "a: set_option('p', 4)"], "ab", {},
                     id="options of what is told not to show"),
        pytest.param([SETS, "b: x = repr(df)", "a: set_option('p', 4)"], "ab",
                     {"b": [("written", SHOWN)]}, id="text kept with other options"),
        pytest.param([SETS, SHOWS, "c: set_option('p', 4)"], "abc", {}, id="set below"),
    ],
)  # fmt: skip
def test_seeds_and_options_made_anew(steps, order, expected):
    assert felt(steps, order) == expected


def test_what_was_made_of_other_random_numbers_is_another_value():
    made = drawing("a: x = draw()", "b: x", "a: x = draw()")
    assert stale_cells(made) == ["b"]


@pytest.mark.parametrize("name", ["<time>", "<network>", "<subprocess>", "<entropy>"])
def test_what_depends_on_the_world_is_another_value_each_time(name):
    steps = session("a: x = load()", Y, "a: x = load()")
    made = [hidden(each, used=[name] * (each.cell_key == "a")) for each in steps]
    assert stale_cells(made) == ["b"]


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("<pandas options>", ["b"]),
        ("<working directory>", ["b"]),
        ("<os.environ:HOME>", ["b"]),
        ("<pandas display options>", ["b"]),
        ("<matplotlib options>", []),
        ("<pyplot figures>", []),
    ],
)
def test_options_that_a_cell_sets_are_inputs_of_others(name, stale):
    setting, reading, again = session("a: set(1)", "b: 1", "a: set(2)")
    made = [hidden(setting, touched=[name]), hidden(reading, used=[name])]
    assert stale_cells([*made, hidden(again, touched=[name])]) == stale


def read(number, path, digest=None):
    return FileUse(f"e{number}", path, "read", digest)


def wrote(number, path, digest=None):
    return FileUse(f"e{number}", path, "written", digest)


W, R = "a: save()", "b: load()"


@pytest.mark.parametrize(
    ("files", "stale"),
    [
        pytest.param([wrote(1, "f", "D"), read(2, "f", "D"), wrote(3, "f", "D")], {}, id="same"),
        pytest.param([wrote(1, "f", "D"), read(2, "f", "D"), wrote(3, "f", "E")],
                     {"b": [("written", "f", 1, 3)]}, id="another"),
        pytest.param([read(2, "f", "D"), wrote(3, "f", "E")],
                     {"b": [("written", "f", None, 3)]}, id="from outside, written since"),
        pytest.param([wrote(1, "f"), read(2, "f"), wrote(3, "g")], {}, id="another file"),
        pytest.param([wrote(1, "p/f", "D"), read(2, "p"), wrote(3, "p/q/f", "E")],
                     {"b": [("changed", "p", 1, 3)]}, id="in a folder that was read whole"),
        pytest.param([read(2, "f", "D"), wrote(2, "f", "E")], {}, id="changed by itself"),
    ],
)  # fmt: skip
def test_files_tie_cells_as_names_do(files, stale):
    assert why([W, R, "a: save(2)"], files=files) == stale


def test_only_files_that_nobody_wrote_since_are_looked_at_on_disk():
    files = [read(1, "old"), read(2, "f"), read(2, "own"), wrote(2, "own"), read(3, "g"),
             read(3, "h"), wrote(4, "h")]  # fmt: skip
    fresh = grown(session("a: 1", "b: 1", "a: 2", "c: 1"), files=files)
    assert sorted(use.path for use in fresh.files_read()) == ["f", "g"]


def test_a_file_that_is_another_one_on_disk_makes_stale():
    use = read(1, "f", "D")
    fresh = grown(session("a: x = load()", "b: x"), files=[use])
    first, second = fresh.stale(changed=[use])
    assert (first.execution.cell_key, first.reasons[0][:2]) == ("a", ("changed", "f"))
    assert first.reasons[0].is_file
    assert second.reasons[0].kind == "stale"


@pytest.mark.parametrize(
    ("steps", "order", "again"),
    [
        pytest.param([X, Y], "ab", "", id="nothing"),
        pytest.param([X, Y, "c: z = y", "a: x = 2"], "abc", "bc", id="a chain"),
        pytest.param([X, Y, "c: z = y", "a: x = 2"], "", "bc", id="a chain, places not known"),
        pytest.param([X, "c: z = x", Y, "a: x = 2"], "abc", "bc", id="as they stand"),
        pytest.param([X, "c: z = x", "b: y = z", "a: x = 2"], "abc", "cb",
                     id="what is needed first, wherever it stands"),
        pytest.param(["a: d = []", "b: d.append(1)", "c: d.append(2)", "s: len(d)", "a: d = []"],
                     "abcs", "bcs", id="changes in place that were lost"),
        pytest.param(["a: d = []", "b: d.append(1)", "c: d.append(2)", "s: len(d)", "a: d = []"],
                     "", "bcs", id="changes in place that were lost, places not known"),
        pytest.param(["a: x = y", "b: y = x", "a: x = y + 1", "c: y = 3"], "", "ab",
                     id="in a circle"),
    ],
)  # fmt: skip
def test_cells_to_run_again_stand_in_an_order_that_works(steps, order, again):
    fresh = grown(session(*steps))
    where = places(order) if order else None
    found = to_run_again(fresh, fresh.stale(where), where)
    assert "".join(execution.cell_key for execution in found) == again


SOURCES = st.lists(
    st.sampled_from(["a: x = 1", "a: x = 2", "b: y = x", "c: x += 1", "d: z = x + y", "e: z",
                     "f: y.append(x)", "g: del x"]),
    min_size=1, max_size=12,
)  # fmt: skip


@given(SOURCES)
def test_running_again_what_is_said_from_top_to_bottom_leaves_nothing_stale(steps):
    """For a notebook in which each name is made by one cell above its readers."""
    steps = [step for step in steps if step[0] in "abd"]
    top = ["a: x = 1", "b: y = x", "d: z = x + y"]
    where = places("abd")
    fresh = grown(session(*top, *steps))
    again = to_run_again(fresh, fresh.stale(where), where)
    rest = [f"{each.cell_key}: {each.source}" for each in again]
    assert grown(session(*top, *steps, *rest)).stale(where) == ()


@given(SOURCES)
def test_nothing_is_stale_after_restart_and_run_all(steps):
    order = sorted(set(steps), key=lambda step: step[0])
    cells = {step[0]: step for step in order}  # one source for each cell
    assert why([*cells.values()], "".join(cells)) == {}


def test_asking_costs_by_cells_not_by_executions():
    """Each cell's inputs are asked for a few times at most, whatever ran before."""
    asked = 0

    class Counting(Freshness):
        def last_above(self, *args):
            nonlocal asked
            asked += 1
            return super().last_above(*args)

    fresh = Counting()
    for execution in session(*(f"c{n % 50}: x{n % 50} = x{(n - 1) % 50}" for n in range(5_000))):
        fresh.add(execution)
    fresh.stale()
    assert asked <= 3 * 50


@pytest.mark.parametrize(
    ("steps", "readers"),
    [
        pytest.param(["a: x = []", "b: x.append(1)"], ["b"], id="changed in place"),
        pytest.param(["a: x = []", *3 * ["b: x.append(1)"]], ["b"], id="again and again"),
        pytest.param(["a: x = []", "b: x.append(1)", "b: y = 1"], [], id="no longer"),
        pytest.param(["a: x = []", "b: x.append(1)", "c: y = x"], ["b"], id="through another"),
        pytest.param(["a: x = []", "b: y = x", "c: x = [1]", "b: y = x"], [], id="another's now"),
    ],
)
def test_cells_stand_on_what_their_own_changes_in_place_began_with(steps, readers):
    found = grown(session(*steps)).readers_of("a")
    assert [execution.cell_key for execution, _ in found] == readers


def test_what_read_a_value_that_code_not_recorded_replaced_is_stale():
    executions = session("a: x = 1", "b: y = x", "c: z = x", "d: x = 1")
    c = executions[2]
    executions[2] = replace(c, names=replace(c.names, replaced=("x",)))
    [stale] = grown(executions[:3]).stale()
    assert stale.execution.cell_key == "b"
    [reason] = stale.reasons
    assert (reason.kind, reason.name, reason.made_by) == ("replaced", "x", executions[0])
    assert [each.execution.cell_key for each in grown(executions).stale()] == ["c"]
