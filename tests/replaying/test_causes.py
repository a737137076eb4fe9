"""Why something came out differently, told from what is recorded."""

import json
from dataclasses import replace

import pytest

from nbmlops.cells.slices import Reason, slice_of
from nbmlops.records import Environment, Failure, Names
from nbmlops.replaying.causes import Circumstances, causes_of, causes_of_failure
from nbmlops.replaying.inputs import InputFile
from nbmlops.replaying.surroundings import Differing, differences
from tests.cells.extracting import executions_of

NUMPY = Differing("package", "numpy", "2.4.0", "2.5.0")
CSV = InputFile("d.csv", "changed", 1, "holds something else than then")


def around(*sources, hidden=(), missing=(), **more):
    """Return the last of some cells and what it stands on."""
    executions = executions_of(*sources)
    found = slice_of(executions, [executions[-1].id], "the last")
    last = len(sources)
    found = replace(
        found,
        hidden=tuple(Reason(name, (last,)) for name in hidden),
        missing=tuple(Reason(name, (last,)) for name in missing),
    )
    return executions[-1], Circumstances(found, **more)


def told(execution, circumstances):
    return [cause.kind for cause in causes_of(execution, circumstances, str)]


@pytest.mark.parametrize(
    ("sources", "circumstances", "kinds"),
    [
        pytest.param(["x = 1"], {}, ["unknown"], id="nothing known"),
        pytest.param(["x = 1"], {"inputs": [CSV]}, ["data changed"], id="its file"),
        pytest.param(
            ["x = 1", "y = 2", "z = x"], {"inputs": [CSV]}, ["data changed"],
            id="a file of what it uses",
        ),
        pytest.param(
            ["x = 1", "y = 2"], {"inputs": [CSV]}, ["unknown"], id="a file of something else",
        ),
        pytest.param(
            ["import m", "y = m.f()"], {"inputs": [replace(CSV, path="m.py")]}, ["code changed"],
            id="local module",
        ),
        pytest.param(
            ["x = 1"], {"inputs": [replace(CSV, state="same"), replace(CSV, state="unknown")]},
            ["unknown"], id="files that are as they were, or unknown",
        ),
        pytest.param(
            ["x = f()"], {"hidden": ["<numpy.random>"]}, ["unseeded randomness"], id="unseeded",
        ),
        pytest.param(["x = f()"], {"hidden": ["<entropy>"]}, ["unseeded randomness"], id="entropy"),
        pytest.param(["x = f()"], {"hidden": ["<time>"]}, ["time"], id="time"),
        pytest.param(
            ["x = f()"], {"hidden": ["<network>", "<subprocess>"]}, ["network", "other process"],
            id="network and processes",
        ),
        pytest.param(["x = f()"], {"hidden": ["<magic sql>"]}, ["hidden state"], id="others"),
        pytest.param(
            ["a = os.environ['A']; b = os.getenv('B'); c = environ.get('C', 1)"], {},
            ["environment variable"] * 3, id="environment variables",
        ),
        pytest.param(
            ["os.environ['A'] = '1'\ndel os.environ['B']"], {}, ["unknown"],
            id="environment variables that are set",
        ),
        pytest.param(["x = 1"], {"environment": (NUMPY,)}, ["package changed"], id="package"),
        pytest.param(
            ["x = f()"], {"environment": (NUMPY,), "hidden": ["<time>"]},
            ["time", "package changed"], id="what it does itself comes first",
        ),
        pytest.param(
            ["x = list({'a', 'b'})"], {}, ["unseeded randomness"], id="order of sets",
        ),
        pytest.param(
            ["x = list({'a', 'b'})"], {"has_fixed_hashes": True}, ["unknown"],
            id="order of sets where hashes are fixed",
        ),
        pytest.param(["x = y"], {"missing": ["y"]}, ["hidden state"], id="made outside"),
        pytest.param(
            ["x = set(f())", "y = x"], {"unclear": frozenset([1])}, ["unseeded randomness"],
            id="what could not be compared of what it uses",
        ),
        pytest.param(
            ["x = set(f())", "y = x"], {}, ["unknown"], id="what was the same is no cause",
        ),
    ],
)  # fmt: skip
def test_causes_are_told_from_what_an_execution_stands_on(sources, circumstances, kinds):
    assert told(*around(*sources, **circumstances)) == kinds


@pytest.mark.parametrize(
    ("prompts", "kinds"),
    [
        pytest.param((3, 4), ["unknown"], id="nothing between them"),
        pytest.param((3, 6), ["hidden state"], id="two cells that were not recorded"),
        pytest.param((None, 6), ["unknown"], id="no prompts"),
    ],
)
def test_cells_kept_out_of_the_record_may_have_drawn_numbers(prompts, kinds):
    state = "<numpy.random>"
    seeds, draws = (
        replace(execution, execution_count=prompt)
        for execution, prompt in zip(executions_of("s", "d"), prompts, strict=True)
    )
    seeds = replace(seeds, names=Names(defined=(state,)))
    draws = replace(draws, names=Names(used=(state,), touched=(state,)))
    found = slice_of([seeds, draws], [draws.id], "x")
    assert told(draws, Circumstances(found)) == kinds


@pytest.mark.parametrize(
    ("failure", "kind"),
    [
        (Failure("NameError", "name 'y' is not defined", ""), "hidden state"),
        (Failure("NameError", "name 'other' is not defined", ""), "package changed"),
        (Failure("ModuleNotFoundError", "No module named 'y'", ""), "package changed"),
        (Failure("FileNotFoundError", "no such file: 'a'", ""), "data changed"),
        (Failure("KeyError", "'a'", ""), "package changed"),
    ],
)
def test_a_failure_tells_its_cause(failure, kind):
    execution, circumstances = around("x = z", missing=["y"], environment=(NUMPY,))
    found = causes_of_failure(execution, failure, circumstances, str)
    assert found[0].kind == kind


def environment(**changes):
    content = {
        "python": {"version": "3.12.1", "implementation": "CPython"},
        "platform": {"system": "Linux", "machine": "x86_64"},
        "packages": {"numpy": "2.4.0", "pandas": "3.0"},
        "modules": {"own.py": "blake3:0123456789"},
        "variables": {"TZ": "UTC"},
        "locale": "C",
        "time_zone": "UTC",
        **changes,
    }
    return Environment("d", json.dumps(content))


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, []),
        ({"packages": {"numpy": "2.5.0"}}, ["numpy 2.4.0 → 2.5.0"]),
        ({"packages": {"polars": "2.1"}}, []),
        (
            {"python": {"version": "3.13.0", "implementation": "CPython"}},
            ["Python 3.12.1 → 3.13.0"],
        ),
        ({"modules": {"own.py": "blake3:ab"}}, ["own.py 01234567 → ab"]),
        ({"variables": {"LANG": "de"}}, ["LANG none → de", "TZ UTC → none"]),
        ({"platform": {"system": "Linux", "machine": "arm64"}}, ["machine x86_64 → arm64"]),
        ({"time_zone": "CET"}, ["time zone UTC → CET"]),
    ],
)
def test_what_is_not_as_it_was_is_told_of_what_both_have(changes, words):
    found = differences(environment(), environment(**changes))
    assert [each.words for each in found] == words


def test_nothing_is_told_of_an_environment_that_was_not_recorded():
    assert differences(None, environment()) == ()
