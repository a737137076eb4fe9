"""Which data is looked at, when, and what is said of it."""

import gc
import math
import threading
import weakref
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

import nbmlops
from nbmlops.capture import holding, values
from nbmlops.capture.background import Background
from nbmlops.capture.values import ValueWatcher
from nbmlops.fingerprints.base import Fingerprint
from nbmlops.fingerprints.profiles.profile import MOST_COLUMNS
from nbmlops.records import Execution, ExecutionId, Names, SessionId, Use


class Heard:
    """What a listener was told; the last word on each use."""

    def __init__(self) -> None:
        self.uses: dict[tuple[str, str, str], str | None] = {}
        self.found: list[Fingerprint] = []
        self.faults: list[tuple[str, BaseException]] = []

    def uses_found(self, uses: list[Use]) -> None:
        for use in uses:
            self.uses[use.execution_id, use.name, use.role] = use.digest

    def fingerprint_found(self, found: Fingerprint) -> None:
        self.found.append(found)

    def fault(self, where: str, problem: BaseException) -> None:
        self.faults.append((where, problem))


class Session:
    """Executes functions on a namespace as if they were cells."""

    def __init__(self, *, budget_seconds: float = 10.0, with_profiles: bool = False) -> None:
        self.heard = Heard()
        self.namespace: dict[str, Any] = {}
        self.background = Background(lambda problem: self.heard.fault("", problem))
        self.watcher = ValueWatcher(
            self.heard, self.background, budget_seconds=budget_seconds, with_profiles=with_profiles
        )
        self._count = 0

    def cell(
        self,
        does: Callable[[dict[str, Any]], object] = lambda _: None,
        *,
        defined: str = "",
        used: str = "",
        touched: str = "",
        deleted: str = "",
    ) -> str:
        """Execute; return the execution's id."""
        self._count += 1
        number = self._count
        execution_id = ExecutionId(str(number))
        self.watcher.started(execution_id)
        does(self.namespace)
        names = Names(*(tuple(text.split()) for text in (defined, used, touched, deleted)))
        execution = Execution(execution_id, SessionId("s"), number, "", 0.0, "", names=names)
        self.watcher.ended(execution, self.namespace)
        return execution.id

    def defines(self, name: str, value: object, *, defined: str = "", **names: str) -> str:
        return self.cell(lambda ns: ns.update({name: value}), defined=f"{defined} {name}", **names)

    def digest(self, execution: str, name: str, role: str = "written") -> str | None:
        return self.heard.uses[execution, name, role]


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[object]]:
    """The values that were fingerprinted, in order."""
    seen: list[object] = []

    def counted(value: object, **options: Any) -> Fingerprint:
        seen.append(type(value).__name__)
        return nbmlops.fingerprint(value, **options)

    monkeypatch.setattr(values, "fingerprint", counted)
    return seen


@pytest.fixture
def gate(monkeypatch: pytest.MonkeyPatch) -> Iterator[threading.Event]:
    """Fingerprints are not made before this is set."""
    opened = threading.Event()

    def gated(value: object, **options: Any) -> Fingerprint:
        assert opened.wait(30)
        return nbmlops.fingerprint(value, **options)

    monkeypatch.setattr(values, "fingerprint", gated)
    yield opened
    opened.set()


def digest_of(value: object) -> str:
    return nbmlops.fingerprint(value).digest


def frame() -> pd.DataFrame:
    return pd.DataFrame({"a": [1, 2, 3], "b": [0.5, None, 2.5]})


DATA = {
    "frame": frame(),
    "series": pd.Series([1, 2]),
    "array": np.arange(6.0).reshape(2, 3),
}
PLAIN = {"number": 3, "text": "a", "nothing": None}
OBJECTS = {"0-d array": np.array(3.0), "list": [1, {"a": 2}], "model": LinearRegression()}
GIVEN = {"module": math, "class": int, "function": len, "function of a module": math.sqrt}


@pytest.mark.parametrize("kind", DATA)
def test_data_that_a_cell_defines_is_written_with_its_digest(kind: str):
    session = Session()
    first = session.defines("x", DATA[kind])
    assert session.digest(first, "x") == digest_of(DATA[kind])
    assert [found.digest for found in session.heard.found] == [digest_of(DATA[kind])]


@pytest.mark.parametrize("value", PLAIN.values(), ids=PLAIN)
def test_a_plain_value_is_written_with_its_digest_and_no_record_of_its_own(value: object):
    session = Session()
    first = session.defines("x", value)
    second = session.cell(used="x")
    assert session.heard.uses == {(first, "x", "written"): digest_of(value)}
    assert (second, "x", "read") not in session.heard.uses
    assert session.heard.found == []


@pytest.mark.parametrize("value", OBJECTS.values(), ids=OBJECTS)
def test_an_object_is_looked_at_in_the_background(value: object, gate: threading.Event):
    session = Session()
    first = session.defines("x", value)
    assert session.heard.uses == {(first, "x", "written"): None}
    gate.set()
    assert session.background.wait(30)
    assert session.digest(first, "x") == digest_of(value)
    assert session.heard.found == []


def test_an_object_changed_meanwhile_has_no_digest(gate: threading.Event):
    session = Session()
    first = session.defines("x", [1])
    second = session.cell(lambda ns: ns["x"].append(2), used="x", touched="x")
    gate.set()
    assert session.background.wait(30)
    session.cell()
    assert session.digest(first, "x") is None
    assert session.digest(second, "x") == digest_of([1, 2])


def test_what_cannot_be_looked_at_completely_and_is_no_data_has_no_digest():
    session = Session()
    first = session.defines("x", iter([1]))
    assert session.background.wait(30)
    assert session.heard.uses == {(first, "x", "written"): None}


@pytest.mark.parametrize("value", GIVEN.values(), ids=GIVEN)
def test_what_libraries_define_is_not_looked_at(value: object, looks: list[object]):
    session = Session()
    session.defines("x", value)
    assert session.heard.uses == {}
    assert looks == []


def test_of_a_thousand_names_with_plain_values_the_first_ones_are_kept():
    session = Session()
    names = [f"x{number:04}" for number in range(1000)]
    session.cell(lambda ns: ns.update(dict.fromkeys(names, 1)), defined=" ".join(names))
    assert [name for _, name, _ in session.heard.uses] == names[:200]


def test_names_with_an_underscore_are_not_looked_at():
    session = Session()
    session.defines("_x", frame())
    assert session.heard.uses == {}


def test_reading_does_not_look_again(looks: list[object]):
    session = Session()
    first = session.defines("x", frame())
    second = session.cell(used="x")
    assert session.digest(second, "x", "read") == session.digest(first, "x")
    assert looks == ["DataFrame"]


def test_another_name_for_the_same_data_does_not_look_again(looks: list[object]):
    session = Session()
    session.defines("x", frame())
    second = session.cell(lambda ns: ns.update(y=ns["x"]), defined="y", used="x")
    assert session.digest(second, "y") == session.digest(second, "x", "read")
    assert looks == ["DataFrame"]


def test_data_from_before_the_recording_is_looked_at_when_it_is_read():
    session = Session()
    session.namespace["x"] = frame()
    first = session.cell(used="x")
    assert session.digest(first, "x", "read") == digest_of(frame())


def test_data_changed_in_place_is_read_as_it_was_and_written_as_it_is():
    session = Session()
    first = session.defines("x", frame())
    second = session.cell(lambda ns: ns["x"].insert(0, "c", 1), used="x", touched="x")
    assert session.digest(second, "x", "read") == session.digest(first, "x")
    assert session.digest(second, "x") == digest_of(session.namespace["x"])
    assert session.digest(second, "x") != session.digest(first, "x")


def test_an_augmented_assignment_changes_an_array_in_place():
    session = Session()
    first = session.defines("x", np.zeros(3))

    def add(namespace: dict[str, Any]) -> None:
        namespace["x"] += 1

    second = session.cell(add, defined="x", used="x")
    assert session.digest(second, "x", "read") == session.digest(first, "x")
    assert session.digest(second, "x") == digest_of(np.ones(3))


def test_a_view_of_an_array_that_was_changed_is_looked_at_again():
    session = Session()
    session.defines("x", np.zeros(6))
    session.cell(lambda ns: ns.update(half=ns["x"][:3]), defined="half", used="x")
    session.cell(lambda ns: ns["x"].fill(1), used="x", touched="x")
    last = session.cell(used="half")
    assert session.digest(last, "half", "read") == digest_of(np.ones(3))


def test_a_name_that_gets_other_data_is_read_as_it_was():
    session = Session()
    first = session.defines("x", frame())
    second = session.cell(lambda ns: ns.update(x=ns["x"].dropna()), defined="x", used="x")
    assert session.digest(second, "x", "read") == session.digest(first, "x")
    assert session.digest(second, "x") == digest_of(frame().dropna())


def test_data_is_not_kept_alive():
    session = Session(budget_seconds=0.0, with_profiles=True)
    session.defines("x", frame())
    gone = weakref.ref(session.namespace["x"])
    assert session.background.wait(30)
    session.cell(lambda ns: ns.pop("x"), deleted="x")
    gc.collect()
    assert gone() is None


def test_what_is_over_the_budget_gets_its_digest_later(gate: threading.Event):
    session = Session(budget_seconds=0.0)
    first = session.defines("x", frame())
    assert session.digest(first, "x") is None
    gate.set()
    assert session.background.wait(30)
    assert session.digest(first, "x") == digest_of(frame())


def test_a_frame_changed_meanwhile_is_looked_at_as_it_was(gate: threading.Event):
    session = Session(budget_seconds=0.0)
    first = session.defines("x", frame())

    def change(namespace: dict[str, Any]) -> None:
        namespace["x"].loc[0, "a"] = 100

    second = session.cell(change, used="x", touched="x")
    gate.set()
    assert session.background.wait(30)
    assert session.digest(first, "x") == digest_of(frame())
    assert session.digest(second, "x") == digest_of(session.namespace["x"])


def test_an_array_changed_meanwhile_has_no_digest(gate: threading.Event):
    session = Session(budget_seconds=0.0)
    first = session.defines("x", np.zeros(3))
    second = session.cell(lambda ns: ns["x"].fill(1), used="x", touched="x")
    gate.set()
    assert session.background.wait(30)
    assert session.digest(first, "x") is None
    assert session.digest(second, "x") == digest_of(np.ones(3))


def test_an_array_looked_at_during_a_cell_that_leaves_it_alone_has_its_digest(
    gate: threading.Event,
):
    session = Session(budget_seconds=0.0)
    first = session.defines("x", np.zeros(3))

    def look(_: object) -> None:
        gate.set()
        assert session.background.wait(30)
        assert session.digest(first, "x") is None  # the cell may yet change it

    session.cell(look)
    assert session.digest(first, "x") == digest_of(np.zeros(3))


@pytest.mark.parametrize("is_changed", [True, False])
def test_an_array_that_another_running_cell_changes_has_no_digest(
    is_changed: bool, gate: threading.Event
):
    session = Session(budget_seconds=0.0)
    session.namespace["x"] = np.zeros(3)
    is_running, go_on = threading.Event(), threading.Event()

    def change(namespace: dict[str, Any]) -> None:
        is_running.set()
        assert go_on.wait(30)
        if is_changed:
            namespace["x"].fill(1)

    touched = {"touched": "x"} if is_changed else {}
    other = threading.Thread(target=session.cell, args=[change], kwargs={"used": "x", **touched})
    other.start()
    assert is_running.wait(30)
    second = session.cell(used="x")
    go_on.set()
    other.join(30)
    gate.set()
    assert session.background.wait(30)
    session.cell()
    expected = None if is_changed else digest_of(np.zeros(3))
    assert session.digest(second, "x", "read") == expected


def test_a_cell_whose_end_was_never_told_holds_nothing_back(gate: threading.Event):
    session = Session(budget_seconds=0.0)
    session.watcher.started(ExecutionId("lost"))
    first = session.defines("x", np.zeros(3))
    session.cell(lambda _: gate.set())
    assert session.background.wait(30)
    session.cell()
    assert session.digest(first, "x") == digest_of(np.zeros(3))


def test_data_that_goes_while_versions_end_is_no_fault(monkeypatch: pytest.MonkeyPatch):
    session = Session()

    class Memory(int):
        """May let go of a view when it is looked up: another thread may do so at any moment."""

        lets_go = False

        def __hash__(self) -> int:
            if self.lets_go:
                session.namespace.pop("view", None)
            return super().__hash__()

    made: list[Memory] = []

    def memory_of(value: object) -> Memory:
        made.append(Memory(holding.memory_of(value)))
        return made[-1]

    monkeypatch.setattr(values, "memory_of", memory_of)
    session.defines("x", np.zeros(6))
    session.cell(lambda ns: ns.update(view=ns["x"][:3]), defined="view", used="x")
    for memory in made:
        memory.lets_go = True
    session.cell(lambda ns: ns["x"].fill(1), used="x", touched="x")
    assert "view" not in session.namespace
    last = session.cell(used="x")
    assert session.digest(last, "x", "read") == digest_of(np.ones(6))


def test_a_very_wide_table_gets_no_profile(looks: list[object]):
    session = Session(with_profiles=True)
    session.defines("wide", pd.DataFrame(np.zeros((1, MOST_COLUMNS + 1))))
    assert session.background.wait(30)
    assert looks == ["DataFrame"]
    session.defines("narrow", pd.DataFrame(np.zeros((1, 2))))
    assert session.background.wait(30)
    assert looks == ["DataFrame"] * 3  # this one again for its profile


def test_tables_get_a_profile_once():
    session = Session(with_profiles=True)
    session.defines("x", frame())
    session.defines("y", frame())
    assert session.background.wait(30)
    with_profile = [found for found in session.heard.found if found.profile is not None]
    assert len(with_profile) == 1
    assert with_profile[0].digest == digest_of(frame())
    assert with_profile[0].unordered is not None


def test_a_profile_of_an_array_that_changed_meanwhile_is_not_kept(
    monkeypatch: pytest.MonkeyPatch,
):
    is_read, go_on = threading.Event(), threading.Event()

    def halfway(value: Any, *, profile: bool = False, **options: Any) -> Fingerprint:
        before = nbmlops.fingerprint(value, **options)
        if not profile:
            return before
        is_read.set()
        assert go_on.wait(30)
        return replace(nbmlops.fingerprint(value, profile=True), digest=before.digest)

    monkeypatch.setattr(values, "fingerprint", halfway)
    session = Session(with_profiles=True)
    session.defines("x", np.arange(1000.0))
    assert is_read.wait(30)

    def change(namespace: dict[str, Any]) -> None:
        namespace["x"][:] = 7
        go_on.set()
        assert session.background.wait(30)

    session.cell(change, used="x", touched="x")
    digest = digest_of(np.arange(1000.0))
    assert session.background.wait(30)
    assert not [found for found in session.heard.found if found.profile and found.digest == digest]


def test_a_profile_that_was_given_up_is_made_when_the_data_comes_again(gate: threading.Event):
    session = Session(with_profiles=True)
    gate.set()
    is_waiting, go_on = threading.Event(), threading.Event()

    def keep_busy() -> None:
        is_waiting.set()
        assert go_on.wait(30)

    session.background.put(keep_busy, urgent=True)
    assert is_waiting.wait(30)
    session.defines("x", np.arange(1000.0))
    session.cell(lambda ns: ns["x"].fill(0), used="x", touched="x")
    go_on.set()
    assert session.background.wait(30)
    session.defines("y", np.arange(1000.0))
    assert session.background.wait(30)
    session.cell()
    with_profile = {found.digest for found in session.heard.found if found.profile}
    assert digest_of(np.arange(1000.0)) in with_profile


def test_a_frame_of_objects_changed_meanwhile_has_no_digest(gate: threading.Event):
    session = Session(budget_seconds=0.0)
    first = session.defines("x", pd.DataFrame({"a": [[1], [2]]}))
    session.cell(lambda ns: ns["x"]["a"][0].append(5), used="x", touched="x")
    gate.set()
    assert session.background.wait(30)
    session.cell()
    assert session.digest(first, "x") is None


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(pd.Series([{"a": 1}] * 10_000), id="dicts"),
        pytest.param(pd.DataFrame({"a": [1] * 10_000, "b": [[1]] * 10_000}), id="lists"),
        pytest.param(np.array([{"a": 1}] * 10_000, dtype=object), id="array"),
    ],
)
def test_many_objects_are_looked_at_in_the_background(value: object, gate: threading.Event):
    session = Session(budget_seconds=0.02)
    first = session.defines("x", value)
    assert session.digest(first, "x") is None


def test_a_class_of_data_that_fails_when_asked_costs_only_its_own_digest():
    class Bad(pd.DataFrame):
        @property
        def shape(self) -> Any:
            raise ZeroDivisionError

    session = Session()
    session.namespace["x"] = Bad({"a": [1]})
    first = session.defines("y", frame(), defined="x")
    assert session.digest(first, "y") == digest_of(frame())


def test_an_instance_of_a_class_that_has_no_hash_costs_only_its_own_digest():
    class Comparing(type):
        def __eq__(cls, other: object) -> bool:
            return cls is other

    class Odd(metaclass=Comparing):
        pass

    session = Session()
    session.namespace["x"] = Odd()
    first = session.defines("y", frame(), defined="x")
    assert session.digest(first, "y") == digest_of(frame())


def test_closing_tells_what_waits(gate: threading.Event):
    session = Session(budget_seconds=0.0)
    first = session.defines("x", np.zeros(3))
    session.cell()
    gate.set()
    session.background.close(30)
    session.watcher.close()
    assert session.digest(first, "x") == digest_of(np.zeros(3))


def test_an_error_of_ours_is_a_fault_and_costs_only_that_value(monkeypatch: pytest.MonkeyPatch):
    def fails(value: object, **_: object) -> Fingerprint:
        if len(value) == 3:  # type: ignore[arg-type]
            raise ZeroDivisionError
        return nbmlops.fingerprint(value)

    monkeypatch.setattr(values, "fingerprint", fails)
    session = Session(budget_seconds=0.0)
    session.cell(lambda ns: ns.update(x=np.zeros(3), y=np.zeros(4)), defined="x y")
    assert session.background.wait(30)
    assert session.digest("1", "x") is None
    assert session.digest("1", "y") == digest_of(np.zeros(4))
    assert [type(problem) for _, problem in session.heard.faults] == [ZeroDivisionError]
