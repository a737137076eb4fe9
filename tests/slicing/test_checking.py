"""The harness finds what is wrong: it can fail."""

import base64
import io
import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from tests.slicing.__main__ import main
from tests.slicing.checking import check, workshop
from tests.slicing.notebooks import Cell, Notebook, hazards, notebooks_in
from tests.slicing.outputs import Shown, first_difference, shown_in
from tests.slicing.report import as_text, failures, totals

CHAIN = """\
=== chain
# %% a
x = 1
# %% b
y = 2
# %% c <- a
print(x)
# %% d <- a b
print(x + y)
"""


@pytest.fixture(scope="module")
def shop():
    with workshop() as made:
        yield made


def notebook(folder: Path, text: str) -> Notebook:
    path = folder / "made.cells"
    path.write_text(text)
    [found] = hazards(path)
    return found


def verdicts(checkup):
    return {each.cell_id: each.verdict for each in checkup.outputs}


def test_right_slices_are_fine(tmp_path, shop):
    found = check(notebook(tmp_path, CHAIN), "as is", shop)
    assert found.is_fine, failures(found)
    assert verdicts(found) == {"c": "reproduced", "d": "reproduced"}
    assert [each.slice for each in found.outputs] == [(1, 3), (1, 2, 4)]
    assert found.checked_by_hand == 2


def test_slice_that_lacks_an_execution_is_found_with_what_it_lacks(tmp_path, shop):
    wrong = replace(shop, falsify=lambda numbers: tuple(n for n in numbers if n != 2))
    found = check(notebook(tmp_path, CHAIN), "as is", wrong)
    assert verdicts(found) == {"c": "reproduced", "d": "not reproduced"}
    [_, last] = found.outputs
    assert last.difference == "no error became NameError: name 'y' is not defined"
    assert last.hint == "lacks b [2]"
    assert "chain, as is: d [4] from [1, 4]" in as_text([found]).replace("made/", "")


def test_slice_that_is_wrong_in_a_known_way_is_told_and_no_failure(tmp_path, shop):
    stated = CHAIN.replace("=== chain", "=== chain (limit: nobody sees b)")
    wrong = replace(shop, falsify=lambda numbers: tuple(n for n in numbers if n != 2))
    found = check(notebook(tmp_path, stated), "as is", wrong)
    assert found.is_fine
    assert found.notebook == "made/chain"
    assert verdicts(found) == {"c": "reproduced", "d": "known limit"}
    assert "made/chain, as is: d, known: nobody sees b" in as_text([found])
    assert totals([found])["known_limits"] == 1


def test_slice_without_its_own_execution_is_found(tmp_path, shop):
    wrong = replace(shop, falsify=lambda numbers: numbers[:-1])
    found = check(notebook(tmp_path, CHAIN), "as is", wrong)
    assert set(verdicts(found).values()) == {"not reproduced"}


@pytest.mark.parametrize(
    ("by_hand", "line"),
    [
        ("a b", "c: slice lacks b"),
        ("", "c: slice does not need a"),
        ("b", "c: slice lacks b; does not need a"),
    ],
    ids=["missing", "unneeded", "both"],
)
def test_slice_that_is_not_the_one_found_by_hand_is_told(tmp_path, shop, by_hand, line):
    text = CHAIN.replace("c <- a", f"c <- {by_hand}")
    found = check(notebook(tmp_path, text), "as is", shop)
    assert not found.is_fine
    assert failures(found) == [line]


def test_cell_with_a_slice_by_hand_has_to_show_something(tmp_path, shop):
    found = check(notebook(tmp_path, CHAIN.replace("print(x)", "x")[:-20] + "\n"), "as is", shop)
    silent = check(notebook(tmp_path, CHAIN.replace("# %% b", "# %% b <-")), "as is", shop)
    assert found.problem is None
    assert silent.problem == "no output: b"


def test_what_differs_each_time_is_nondeterministic(tmp_path, shop):
    text = "=== times\n# %% a\nimport time\n# %% b\nprint(time.time_ns())\n# %% c\nprint(1)\n"
    found = check(notebook(tmp_path, text), "as is", shop)
    assert verdicts(found) == {"b": "nondeterministic", "c": "reproduced"}
    assert found.is_fine


def test_unseeded_random_numbers_differ_between_processes(tmp_path, shop):
    text = "=== rolls\n# %% a\nimport random, numpy\nprint(random.random(), numpy.random.rand())\n"
    found = check(notebook(tmp_path, text), "as is", shop)
    assert verdicts(found) == {"a": "nondeterministic"}


def test_each_process_begins_in_a_fresh_copy_of_the_folder(tmp_path, shop):
    folder = tmp_path / "given"
    folder.mkdir()
    (folder / "data.txt").write_text("given")
    source = "from pathlib import Path\nprint(Path('data.txt').read_text(), Path('new').exists())"
    made = Notebook("files", (Cell("a", source), Cell("b", "Path('new').touch()")), folder)
    found = check(made, "as is", shop)
    assert verdicts(found) == {"a": "reproduced"}
    assert not (folder / "new").exists()


def test_twice_executes_each_cell_twice_and_shuffled_some_again(tmp_path, shop):
    text = "=== orders\n# %% a\nx = 1\n# %% fails\nraise ValueError\n# %% b\nprint(x)\n"
    twice = check(notebook(tmp_path, text), "twice", shop)
    assert [each.cell_id for each in twice.outputs] == ["fails", "fails", "b", "b"]
    shuffled = check(notebook(tmp_path, text), "shuffled", shop, seed=1)
    again = [each.cell_id for each in shuffled.outputs]
    assert again
    assert "fails" not in again  # what failed in the first pass is not executed again
    assert [each.cell_id for each in check(notebook(tmp_path, text), "as is", shop).outputs] == [
        "fails",
        "b",
    ]
    assert {each.verdict for each in (*twice.outputs, *shuffled.outputs)} == {"reproduced"}


def test_what_the_cells_cost_is_measured_for_each(tmp_path, shop):
    found = check(notebook(tmp_path, CHAIN), "as is", shop)
    assert [cell_id for cell_id, _ in found.overheads] == ["a", "b", "c", "d"]
    assert all(seconds > 0 for _, seconds in found.overheads)
    figures = totals([found])
    assert figures["overhead_max"] >= figures["overhead_p95"] >= figures["overhead_median"]
    assert figures["mean_slice_fraction"] == pytest.approx((2 / 3 + 3 / 4) / 2)


def test_command_takes_folders_of_real_notebooks(tmp_path, capsys):
    cells = [
        {"cell_type": "code", "id": "load", "metadata": {}, "source": ["x = 3"], "outputs": []},
        {"cell_type": "markdown", "id": "text", "metadata": {}, "source": "# Title"},
        {"cell_type": "code", "id": "show", "metadata": {}, "source": "x * 2", "outputs": []},
    ]
    for by_hand, code in ((["load"], 0), ([], 1)):
        document = {"cells": cells, "metadata": {"slices": {"show": by_hand}}}
        (tmp_path / "deep").mkdir(exist_ok=True)
        (tmp_path / "deep" / "real.ipynb").write_text(json.dumps(document))
        assert main([str(tmp_path), "--json"]) == code
        answer = json.loads(capsys.readouterr().out)
        assert answer["totals"]["output_cells"] == answer["totals"]["reproduced"]
        assert answer["orders"]["as is"]["output_cells"] == 1
        assert answer["orders"]["twice"]["output_cells"] == 2
        assert answer["totals"]["inexact"] == code
        assert answer["checkups"][0]["notebook"] == "deep/real"
    assert main([str(tmp_path), "--only", "nothing"]) == 2


def test_checkpoints_are_not_read(tmp_path):
    for folder in (tmp_path, tmp_path / ".ipynb_checkpoints"):
        folder.mkdir(exist_ok=True)
        (folder / "a.ipynb").write_text('{"cells": [], "metadata": {}}')
    assert [each.name for each in notebooks_in(tmp_path)] == ["a"]


def test_unknown_cell_in_a_slice_by_hand_is_refused(tmp_path):
    with pytest.raises(ValueError, match="zz"):
        notebook(tmp_path, CHAIN.replace("<- a b", "<- a zz"))


def png(colour: int, **options: object) -> str:
    stream = io.BytesIO()
    Image.new("RGB", (2, 2), colour).save(stream, "png", **options)
    return base64.b64encode(stream.getvalue()).decode()


def shown(*events: object) -> Shown:
    return shown_in(events, Path("/some/folder"))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("stdout", "<A at 0x7f00aa12>"), ("stdout", "<A at 0x7fffbb34>")),
        (("stdout", "CPU times: user 1 s\nWall time: 1 s\n3\n"), ("stdout", "3\n")),
        (("stderr", "/tmp/ipykernel_1/22.py:3: W"), ("stderr", "/tmp/ipykernel_9/5.py:3: W")),
        (("stderr", "\r 50%|## | 1/2\r100%|##| 2/2 [00:00<00:00, 9it/s]"),
         ("stderr", "\r100%|##| 2/2 [00:01<00:00, 2it/s]")),
        (("data", {"image/png": png(3)}), ("data", {"image/png": png(3, compress_level=0)})),
        (("data", {"text/plain": "1", "text/html": "a"}), ("data", {"text/plain": "1"})),
    ],
    ids=["address", "time", "file of the cell", "progress", "pixels", "html"],
)  # fmt: skip
def test_same_outputs(one, other):
    assert first_difference(shown(one), shown(other)) is None


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        (("stdout", "a\n0.1\n"), ("stdout", "a\n0.10000001\n"), "'0.1' became '0.10000001'"),
        (("stdout", "a\n"), ("stderr", "a\n"), "'a' became ''"),
        (("error", "KeyError", "'a'"), ("error", "KeyError", "'b'"), "KeyError: 'a' became"),
        (("error", "KeyError", "'a'"), ("stdout", ""), "became no error"),
        (("data", {"image/png": png(3)}), ("data", {"image/png": png(4)}), "another image/png"),
        (("data", {"text/plain": "1"}), ("stdout", ""), "1 displays became 0"),
        (("stdout", "a\nb\n"), ("stdout", "a\n"), "of 2 lines became 1"),
    ],
    ids=["float", "stream", "message", "error", "pixels", "display", "lines"],
)
def test_different_outputs(one, other, words):
    difference = first_difference(shown(one), shown(other))
    assert difference is not None
    assert words in difference
