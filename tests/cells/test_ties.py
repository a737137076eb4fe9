import pytest

from nbmlops.cells import ties as tying
from nbmlops.cells.ties import longest_rise, notebook_cell, tied
from tests.cells.sessions import session

SAVED = 1_000.0  # after all that ran


def file(*cells):
    """Make the cells of a file from ``"a: x = 1"``; without ids from ``": x = 1"``."""
    made = []
    for cell in cells:
        cell_id, _, source = cell.partition(": ")
        made.append(notebook_cell(source, cell_id or None))
    return made


def without_ids(executions):
    from dataclasses import replace

    return [replace(each, cell_id=None, cell_key=f"source:{each.source}") for each in executions]


def told(ties):
    """Return what is said of each cell in words, and what is gone."""
    said = []
    for tie in ties.cells:
        words = [tie.state]
        words += [str(tie.execution.sequence)] if tie.execution else []
        words += ["moved"] if tie.is_moved else []
        words += [f"copy of {tie.copy_of.sequence}"] if tie.copy_of else []
        words += [f"part of {tie.part_of.sequence}"] if tie.part_of else []
        words += [f"merged from {each.sequence}" for each in tie.merged_from]
        said.append(" ".join(words))
    return said, [each.sequence for each in ties.deleted]


RAN = ["a: x = 1", "b: y = x\nz = y", "c: print(z)"]


@pytest.mark.parametrize(
    ("cells", "ran", "said", "deleted"),
    [
        pytest.param(RAN, RAN, ["same 1", "same 2", "same 3"], [], id="as it ran"),
        pytest.param(["a: x = 1  \n", *RAN[1:]], RAN, ["same 1", "same 2", "same 3"], [],
                     id="space at the ends"),
        pytest.param(["a: x = 2", *RAN[1:]], RAN, ["edited 1", "same 2", "same 3"], [],
                     id="edited"),
        pytest.param(RAN, [*RAN, "a: x = 1"], ["same 4", "same 2", "same 3"], [], id="ran twice"),
        pytest.param([*RAN, "d: new"], RAN, ["same 1", "same 2", "same 3", "never_run"], [],
                     id="never run"),
        pytest.param(RAN[:2], RAN, ["same 1", "same 2"], [3], id="deleted"),
        pytest.param([RAN[2], *RAN[:2]], RAN, ["same 3 moved", "same 1", "same 2"], [],
                     id="moved"),
        pytest.param([*RAN, "d: x = 1"], RAN, ["same 1", "same 2", "same 3", "never_run copy of 1"],
                     [], id="copied"),
        pytest.param(["a: x = 1", "a: x = 1", *RAN[1:]], RAN,
                     ["same 1", "never_run copy of 1", "same 2", "same 3"], [],
                     id="an id twice"),
        pytest.param(["a: x = 2", "a: x = 1"], RAN[:1], ["never_run", "same 1"], [],
                     id="an id twice, the second is what ran"),
        pytest.param(["a: x = 1", "b: y = x", "n: z = y", "c: print(z)"], RAN,
                     ["same 1", "edited 2", "never_run part of 2", "same 3"], [], id="split"),
        pytest.param(["a: x = 1\ny = x\nz = y", "c: print(z)"], RAN,
                     ["edited 1 merged from 2", "same 3"], [], id="merged"),
        pytest.param(["n: x = 1", *RAN[1:]], RAN, ["same 1", "same 2", "same 3"], [],
                     id="pasted under a new id"),
        pytest.param([], RAN, [], [1, 2, 3], id="empty file"),
        pytest.param(RAN, [], ["never_run"] * 3, [], id="nothing ran"),
    ],
)  # fmt: skip
def test_cells_are_tied_by_their_ids(cells, ran, said, deleted):
    assert told(tied(file(*cells), session(*ran), saved=SAVED)) == (said, deleted)


@pytest.mark.parametrize(
    ("cells", "said", "deleted"),
    [
        pytest.param([": x = 1", ": y = x\nz = y", ": print(z)"], ["same 1", "same 2", "same 3"],
                     [], id="by source"),
        pytest.param([": x = 1", ": y = x\nz = y + 1", ": print(z)"],
                     ["same 1", "edited 2", "same 3"], [], id="by the most similar source"),
        pytest.param([": x = 1", ": print(z)"], ["same 1", "same 3"], [2], id="deleted"),
        pytest.param([": print(z)", ": x = 1", ": y = x\nz = y"],
                     ["same 3 moved", "same 1", "same 2"], [], id="moved"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("ran", [session(*RAN), without_ids(session(*RAN))], ids=["ids", "none"])
def test_cells_of_a_file_without_ids_are_tied_by_source(ran, cells, said, deleted):
    assert told(tied(file(*cells), ran, saved=SAVED)) == (said, deleted)


def test_of_two_alike_the_neighbour_is_the_one():
    ran = without_ids(session("a: load('a.csv')", "b: f(1)", "c: load('b.csv')", "d: f(2)"))
    cells = file(": load('a.csv')", ": f(8)", ": load('b.csv')", ": f(9)")
    said, _ = told(tied(cells, ran, saved=SAVED))
    assert said == ["same 1", "edited 2", "same 3", "edited 4"]


def of_names(number, count=12):
    """Make a source of lines that no source of another number has."""
    return "\n".join(f"value_{number}_{line} = f_{line}(table_{number})" for line in range(count))


@pytest.mark.parametrize("count", [1, 12, 60, 250], ids="{} lines".format)
def test_of_many_sources_the_one_that_was_edited_is_found(count):
    ran = without_ids(session(*(f"c{number}: {of_names(number, count)}" for number in range(40))))
    cells = file(*(f": {of_names(number, count)} + 1" for number in range(0, 40, 2)))
    found = tied(cells, ran, saved=SAVED)
    assert [tie.execution.sequence for tie in found.cells] == [*range(1, 40, 2)]
    assert {tie.state for tie in found.cells} == {"edited"}


def counted(monkeypatch, name):
    """Count the calls of a function of the module."""
    calls, called = [], getattr(tying, name)
    monkeypatch.setattr(tying, name, lambda *given: calls.append(given) or called(*given))
    return calls


@pytest.mark.parametrize(
    ("cells", "ran", "roughly", "in_order"),
    [(30, 300, 9_000, 90), (200, 400, 80_000, 200), (300, 1_500, 200_000, 200)],
)
def test_few_of_many_pairs_are_compared_in_order(monkeypatch, cells, ran, roughly, in_order):
    compared = {name: counted(monkeypatch, name) for name in ("_in_common", "_likeness")}
    executions = without_ids(session(*(f"c{n}: {of_names(n, 3)}" for n in range(ran))))
    tied(file(*(f": {of_names(n + 5_000, 3)}" for n in range(cells))), executions, saved=SAVED)
    assert len(compared["_in_common"]) <= roughly
    assert len(compared["_likeness"]) <= in_order


def test_ids_of_another_kind_than_the_file_has_do_not_keep_cells_apart():
    ran = session("vscode-1: x = 1", "vscode-2: y = x + 100")
    said, _ = told(tied(file("a: x = 1", "b: y = x + 200"), ran, saved=SAVED))
    assert said == ["same 1", "edited 2"]


def test_what_ran_after_the_file_was_saved_is_not_said_to_be_edited_or_deleted():
    ties = tied(file("a: x = 1"), session("a: x = 2", "b: y = x"), saved=5.0)
    assert told(ties) == (["unsaved 1"], [])
    assert [each.sequence for each in ties.unsaved] == [2]


def test_an_unsaved_cell_stands_behind_the_one_that_ran_before_it():
    ran = session("a: 1", "n: 2", "m: 3", "b: 4")
    ties = tied(file("a: 1", "b: 4"), ran, saved=5.0)
    assert sorted(ties.places, key=ties.places.get) == ["a", "n", "m", "b"]


def test_what_a_console_ran_is_no_deleted_cell():
    [console] = without_ids(session("x: y = 2"))
    assert told(tied(file("a: x = 1"), [*session("a: x = 1"), console], saved=SAVED))[1] == []


def test_an_earlier_session_is_tied_to_the_same_cells():
    earlier, later = session(*RAN), session("a: x = 1")
    said, _ = told(tied(file(*RAN), [*earlier, *later], saved=SAVED))
    assert said == ["same 1", "same 2", "same 3"]


@pytest.mark.parametrize(
    ("numbers", "places"),
    [([], []), ([5], [0]), ([1, 2, 3], [0, 1, 2]), ([3, 1, 2, 0, 4], [1, 2, 4]), ([2, 1], [1])],
)
def test_a_longest_rise_is_found(numbers, places):
    assert sorted(longest_rise(numbers)) == places


@pytest.mark.parametrize(("end", "state"), [("run()", "same"), ("stop()", "edited")])
def test_a_secret_taken_out_of_the_record_does_not_make_a_cell_edited(end, state):
    ran = session('a: login("[redacted: password]")\nrun()')
    cells = file(f'a: login("s3same")\n{end}')
    assert told(tied(cells, ran, saved=SAVED))[0] == [f"{state} 1"]
