"""How a slice is drawn and written, from records made by hand."""

import json
from dataclasses import replace

import pytest

from nbmlops.cells.names import names_of
from nbmlops.cells.slices import slice_of
from nbmlops.records import (
    DataUse,
    Execution,
    Failure,
    FileUse,
    Metric,
    Names,
    Run,
    RunSummary,
)
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.targets import Target
from nbmlops.tracking.written_columns import Written
from tests.described import frame

SUMMARY = RunSummary(
    Run("7k44y93v", "s", "churn", 1.0, name="baseline"),
    metrics=(
        Metric("7k44y93v", "auc", 0.98979, 0.5, 0.99, 1, 0, 1.0, execution_id="e4"),
        Metric("7k44y93v", "loss", 0.25, 0.25, 0.25, 1, 0, 1.0),
    ),
)


def cells(*sources, **fields):
    return [
        Execution(
            f"e{number}", "s", number, source, float(number), f"c{number}", outcome="ok",
            execution_count=number, names=names_of(source), **fields,
        )
        for number, source in enumerate(sources, 1)
    ]  # fmt: skip


CELLS = cells("import pandas as pd", "df = pd.read_csv('a.csv')", "df['c'] = 1", "auc = df.c[0]")


def page(executions=CELLS, kind="metric", name="auc", targets=("e4",), notes=(), **fields):
    files = fields.get("files", ())
    by_execution = {each.id: [use for use in files if use.execution_id == each.id]
                    for each in executions}  # fmt: skip
    target = Target(kind, name, frozenset(targets), tuple(notes))
    found = slice_of(executions, targets, target.words, by_execution)
    return SlicePage(found, target, **{"summary": SUMMARY, **fields})


def lines(shown):
    return [line.strip() for line in str(shown).splitlines() if line.strip()]


@pytest.mark.parametrize(
    ("made", "title"),
    [
        pytest.param(page(), "auc 0.9898 of baseline run 7k44y93v: 4 of 4 executions made it",
                     id="metric"),
        pytest.param(page(kind="run", name="7k44y93v"),
                     "baseline run 7k44y93v (auc 0.9898, loss 0.25): "
                     "4 of 4 executions made its results", id="run"),
        pytest.param(page(kind="variable", name="df", targets=["e3"]),
                     "df as [3] left it: 3 of 3 executions made it", id="variable"),
        pytest.param(page(kind="cell", name="[1]", targets=["e1"]),
                     "output of [1]: 1 of 1 execution made it", id="cell"),
        pytest.param(page([*CELLS[:2], *cells("", "", "auc = df.c")[2:]], targets=["e3"]),
                     "auc 0.9898 of baseline run 7k44y93v: 3 of 3 executions made it", id="third"),
        pytest.param(page(targets=[]), "auc 0.9898 of baseline run 7k44y93v: no recorded "
                     "execution is known to have made it", id="nothing known"),
    ],
)  # fmt: skip
def test_title_says_in_words_what_was_asked_for(made, title):
    assert lines(made)[0] == title


def test_what_an_execution_wrote_is_said_for_whom():
    executions = cells("a, b, c = 1, 2, 3", "x = a + b", "y = c", "z = x + y + a")
    shown = lines(page(executions))
    assert "[1]  writes `a`, read by [2], [4]; `b`, read by [2]; `c`, read by [3]" in shown
    assert "[4]  measured `auc`" in shown


def test_names_that_the_same_executions_read_stand_together():
    executions = cells("a, b, c = 1, 2, 3", "x = a + b + c", "", "x")
    assert "[1]  writes `a`, `b`, `c`, read by [2]" in lines(page(executions))


def test_of_many_names_and_readers_the_last_are_counted():
    names = [f"n{number:02}" for number in range(15)]
    sources = [f"{', '.join(names)} = range(15)", *(f"x{name} = {name}, n00" for name in names)]
    sources.append(f"auc = {', '.join(f'x{name}' for name in names)}")
    text = " ".join(str(page(cells(*sources), targets=["e17"])).split())
    assert (
        "writes `n00`, read by [2], [3], [4], [5], [6], [7], [8], [9], [10], [11], [12], " in text
    )
    assert "[13] + 3; `n01`, read by [3];" in text
    assert "`n07`, read by [9] + 7" in text


def test_a_changed_column_is_named_where_it_is_known():
    written = {("e3", "df"): Written(("c",), "column `c`")}
    assert "[3]  writes `df` (column `c`), read by [4]" in lines(page(written=written))


def test_files_between_executions_are_reasons_and_those_from_outside_roots():
    files = [
        FileUse("e1", "config.json", "read"),
        FileUse("e2", "clean.csv", "written"),
        FileUse("e3", "clean.csv", "read"),
        FileUse("e3", "raw.csv", "read"),
    ]
    executions = cells("c = load()", "save(c)", "df = read(c)", "auc = df")
    data = DataUse("df", frame(3, "a int64 x"), "input", 3, (), (files[3],))
    made = page(executions, files=files, data=(data,))
    shown = lines(made)
    assert "[2]  writes `c`, file `clean.csv`, read by [3]" in shown
    assert "also read    config.json [1]" in shown
    assert sum("raw.csv" in line for line in shown) == 1
    assert [(file["path"], file["in"]) for file in made.to_json()["files"]] == [
        ("config.json", 1), ("clean.csv", 2), ("clean.csv", 3), ("raw.csv", 3),
    ]  # fmt: skip
    [_, writing, *_] = made.to_json()["steps"]
    assert [(reason["name"], reason["kind"]) for reason in writing["reasons"]] == [
        ("c", "variable"), ("clean.csv", "file"),
    ]  # fmt: skip


def test_parameters_are_roots():
    made = page(params={"C": 0.001, "seed": 0, "kind": "a b"})
    assert "parameters    C 0.001 · seed 0 · kind a b" in lines(made)
    assert made.to_json()["params"] == {"C": 0.001, "seed": 0, "kind": "a b"}


@pytest.mark.parametrize(
    ("fields", "says"),
    [
        pytest.param({"outcome": "error", "failure": Failure("KeyError", "x", "…")},
                     "[3]  ✗ failed half-way (KeyError) · writes `df`, read by [4]", id="failed"),
        pytest.param({"outcome": "interrupted"},
                     "[3]  ! interrupted half-way · writes `df`, read by [4]", id="interrupted"),
        pytest.param({"execution_count": 9}, "[9] #3  writes `df`, read by [4]", id="renumbered"),
        pytest.param({"execution_count": None}, "[3]  writes `df`, read by [4]", id="no number"),
    ],
)  # fmt: skip
def test_what_is_special_about_an_execution_is_said(fields, says):
    third = replace(CELLS[2], **fields)
    assert says in lines(page([*CELLS[:2], third, CELLS[3]]))


@pytest.mark.parametrize(
    ("later", "says"),
    [("df['c'] = 1\n", "executed again as [8]"),
     ("df['c'] = 2", "edited and executed again as [8]")],
)  # fmt: skip
def test_a_cell_executed_again_is_to_be_found_by_its_new_number(later, says):
    again = replace(CELLS[2], id="e8", sequence=8, execution_count=8, source=later)
    shown = page(later={"e3": again})
    assert f"[3]  writes `df`, read by [4] · {says}" in lines(shown)


def test_notes_stand_below_the_title():
    assert lines(page(notes=["measured in [1], [4]"]))[1] == "measured in [1], [4]"


def test_the_last_hundred_of_many_executions_are_drawn_and_all_are_written():
    executions = cells("x = 0", *["x += 1"] * 149)
    made = page(executions, targets=["e150"])
    assert "50 earlier executions left out here, --json has all" in lines(made)
    assert "[51]  writes `x`, read by [52]" in lines(made)
    assert "[50]  " not in str(made)
    assert len(made.to_json()["steps"]) == 150
    assert made.executions == tuple(range(1, 151))


def test_the_drawing_has_a_row_for_each_execution_and_its_first_telling_line():
    first, *others = cells("C = 1", "\n# a remark\ny = C", "", "y")
    executions = [replace(first, source="%%nbmlops params\n\nC = 1"), *others]
    drawn = [line for line in lines(page(executions)) if line[0] in "●◆├╰│"]
    assert [line.split("  ")[0] for line in drawn[1:]] == ["● [1] → C", "● [2] C → y", "◆ [4] y"]
    assert drawn[1].endswith("C = 1")
    assert drawn[2].endswith("# a remark")


HOSTILE = "<script>alert(1)</script> [bold] \x1b[31m \ud800"


def test_hostile_texts_are_shown_and_never_act():
    names = Names((HOSTILE,), (), (), ())
    first = replace(CELLS[0], source=HOSTILE, names=names)
    last = replace(CELLS[3], names=Names((), (HOSTILE,)), source=HOSTILE)
    made = page([first, last], kind="variable", name=HOSTILE, params={HOSTILE: HOSTILE})
    bundle = made._repr_mimebundle_()
    assert "<script" not in bundle["text/html"]
    for text in bundle.values():
        text.encode("utf-8")
        assert "\x1b" not in text
    json.dumps(made.to_json())


@pytest.mark.parametrize("size", [1, 40, 100])
def test_a_page_stays_small_enough_for_a_saved_notebook(size):
    executions = cells("x = 0", *["x = x + 1  # " + "long " * 40] * (size - 1))
    html = page(executions, targets=[f"e{size}"])._repr_mimebundle_()["text/html"]
    picture = html.partition('src="')[2].partition('"')[0]
    assert len(picture) <= 30_000
    assert picture or "This is cut" in html
