"""What is saved comes back: the law of every store over every kind of record."""

import typing
from dataclasses import is_dataclass, replace
from types import UnionType

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbmlops.canonical import new_id
from nbmlops.records import (
    Artifact,
    Content,
    Environment,
    Execution,
    FileUse,
    Metric,
    Model,
    Names,
    Output,
    Param,
    Point,
    Points,
    Profile,
    Run,
    RunExecution,
    RunSummary,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
    joined,
    key_of,
)
from nbmlops.store import contained
from nbmlops.store.base import DataQuery, RunQuery

int64 = st.integers(-(2**63), 2**63 - 1)
plain_text = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))


def drawn(hint):
    """Return a strategy for the values of a type, of texts only those a database can hold."""
    simple = {
        str: plain_text,
        int: int64,
        float: st.floats(allow_nan=False),
        bool: st.booleans(),
        type(None): st.none(),
    }
    if hint in simple:
        return simple[hint]
    if isinstance(hint, typing.NewType):
        return plain_text
    if isinstance(hint, typing.TypeAliasType):
        return st.sampled_from(typing.get_args(hint.__value__))
    if typing.get_origin(hint) in (UnionType, typing.Union):
        return st.one_of(map(drawn, typing.get_args(hint)))
    if typing.get_origin(hint) is tuple:
        return st.lists(drawn(typing.get_args(hint)[0]), max_size=3).map(tuple)
    assert is_dataclass(hint)
    return any_record(hint)


def any_record(kind, **known):
    hints = typing.get_type_hints(kind)
    given = {name: drawn(hint) for name, hint in hints.items() if name not in known}
    if kind is Output:  # one that shows nothing is not kept
        given["contents"] = given["contents"].filter(len)
    return st.builds(kind, **given, **{name: st.just(value) for name, value in known.items()})


def by_key(records):
    return list({key_of(record): record for record in records}.values())


@st.composite
def batches(draw):
    """Draw everything about one run, under ids of its own, as one batch in any order."""
    run_id, session_id, digest = new_id(), new_id(), new_id()
    session = draw(any_record(Session, id=session_id, ended=5.0))
    environment = draw(any_record(Environment, digest=digest))
    executions = [
        draw(any_record(Execution, id=new_id(), session_id=session_id, sequence=number))
        for number in range(draw(st.integers(0, 3)))
    ]
    ids = st.sampled_from([None, *(execution.id for execution in executions)])
    run = draw(
        any_record(Run, id=run_id, session_id=session_id, parent_id=None, environment=digest)
    )
    links = [
        Stretch(run_id, each.sequence, each.sequence, draw(st.booleans())) for each in executions
    ]
    values = st.none() | int64 | st.floats() | plain_text | st.lists(st.booleans(), max_size=3)
    params = draw(st.dictionaries(plain_text, values, max_size=3))
    parts = [
        *(Param.of(run_id, name, value, "cell") for name, value in params.items()),
        *by_key(draw(st.lists(any_record(Tag, run_id=run_id), max_size=2))),
        *(
            replace(part, execution_id=draw(ids))
            for kind in (Metric, Model, Artifact)
            for part in by_key(draw(st.lists(any_record(kind, run_id=run_id), max_size=2)))
        ),
    ]
    data = [
        *(any_one for each in executions for kind in (Use, FileUse) for any_one in by_key(
            draw(st.lists(any_record(kind, execution_id=each.id), max_size=2)))),
        *(draw(any_record(kind, digest=new_id())) for kind in (Value, Profile)),
    ]  # fmt: skip
    batch = [session, environment, *executions, run, *links, *parts, *data]
    return draw(st.permutations(batch))


def of_kind(kind, batch):
    return tuple(record for record in batch if type(record) is kind)


def by_name(kind, batch):
    return tuple(sorted(of_kind(kind, batch), key=lambda record: record.name))


@given(batches())
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_whatever_is_saved_comes_back_as_it_was(store, batch):
    store.save(batch)
    (run,), (session,) = of_kind(Run, batch), of_kind(Session, batch)
    parts = [by_name(kind, batch) for kind in (Param, Metric, Model, Artifact, Tag)]
    givers = {link.first for link in of_kind(Stretch, batch) if link.gave_result}
    executions = sorted(of_kind(Execution, batch), key=lambda execution: execution.sequence)

    assert store.runs(RunQuery(ids=(run.id,), trashed=None)) == [RunSummary(run, *parts)]
    assert store.session(session.id) == session
    assert store.executions(run.id) == [
        (each, RunExecution(run.id, each.id, each.sequence in givers)) for each in executions
    ]
    assert store.session_executions(session.id) == executions
    assert (store.environment(run.environment),) == of_kind(Environment, batch)
    with pytest.raises(KeyError):
        store.environment("nowhere")
    for kind, asked in ((Use, store.uses), (FileUse, store.file_uses)):
        found = asked([each.id for each in executions])
        assert sorted(found, key=key_of) == sorted(of_kind(kind, batch), key=key_of)
    of_digests = (
        (Value, store.values), (Profile, store.profiles), (Environment, store.environments),
    )  # fmt: skip
    for kind, asked in of_digests:
        (one,) = of_kind(kind, batch)
        assert asked([one.digest, "nowhere"]) == {one.digest: one}


@given(
    st.lists(st.lists(st.builds(Point, int64, st.floats(), st.floats()), max_size=9), max_size=4)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_points_come_back_in_the_order_they_were_logged(store, parts):
    run_id = new_id()
    store.save([Session("s", 1.0, "script", "x", ended=2.0), Run(run_id, "s", "x", 1.0)])
    packed = [Points.pack(run_id, "auc", number, part) for number, part in enumerate(parts)]
    store.save(packed[::-1])
    assert repr(store.points(run_id, "auc")) == repr([point for part in parts for point in part])
    assert store.points(run_id, "other") == []


@pytest.mark.parametrize("count", [0, 1, 1_203])
def test_executions_come_without_outputs_and_nothing_of_those_is_read(store, queries, count):
    shown = (Output("stdout", (Content("text/plain", 5, text="hello"),)),)
    made = [
        Execution(f"e{number}", "s", number, "x", 1.0, "c", names=Names(("a",), ("b",)))
        for number in range(count)
    ]
    links = [RunExecution("r", each.id, each.sequence % 2 == 0) for each in made]
    stretches = [
        Stretch("r", each.sequence, each.sequence, each.sequence % 2 == 0) for each in made
    ]
    store.save([Session("s", 1.0, "script", "x", ended=2.0), Run("r", "s", "x", 1.0), *stretches,
                *(replace(each, outputs=shown) for each in made)])  # fmt: skip
    queries.clear()
    assert store.session_executions("s", with_outputs=False) == made
    assert len(queries) == 1
    assert store.executions("r", with_outputs=False) == list(zip(made, links, strict=True))
    assert len(queries) == 3
    assert not any("contents" in statement for statement in queries)


SHARED = [
    pytest.param({}, 1, id="none"),
    pytest.param({"a1": [(1, 4, False), (4, 4, True)]}, 2, id="one"),
    pytest.param({"a1": []}, 1, id="one that contains nothing"),
    pytest.param(
        {
            "a1": [(1, 2, False), (5, 5, False), (2, 2, True), (5, 5, True)],
            "a2": [(2, 6, False), (6, 6, True)],
            "b1": [(3, 4, False)],
        },
        2,
        id="several, of two sessions",
    ),
    pytest.param({f"a{n}": [(n, n, False), (n, n, True)] for n in range(1, 300)}, 2, id="many"),
]


@pytest.mark.parametrize(("stretches", "most"), SHARED)
def test_executions_of_runs_are_those_of_each_and_none_is_read_twice(
    store, queries, stretches, most
):
    shown = (Output("stdout", (Content("text/plain", 5, text="hello"),)),)
    store.save(
        [
            *(Session(name, 1.0, "script", "x", ended=2.0) for name in "ab"),
            *(
                Execution(f"{name}{n}", name, n, "x", 1.0, "c", outputs=shown)
                for name in "ab"
                for n in range(1, 300)
            ),
            *(Run(run, run[0], "x", 1.0) for run in stretches),
            *(Stretch(run, *each) for run, several in stretches.items() for each in several),
        ]
    )
    queries.clear()
    found = store.executions_of_runs([*stretches])
    assert len(queries) <= most
    assert found == {run: store.executions(run, with_outputs=False) for run in stretches}


@pytest.mark.parametrize("find", ["session", "environment"])
def test_what_is_not_there_is_a_key_error(store, find):
    with pytest.raises(KeyError, match="nowhere"):
        getattr(store, find)("nowhere")


def test_what_was_never_saved_is_empty(store):
    assert store.runs(RunQuery()) == []
    assert store.count_runs(RunQuery()) == 0
    assert store.executions("nowhere") == []
    assert store.session_executions("nowhere") == []
    assert store.points("nowhere", "auc") == []
    assert store.uses(["nowhere"]) == store.file_uses(["nowhere"]) == store.uses([]) == []
    assert store.values(["nowhere"]) == store.profiles(["nowhere"]) == store.values([]) == {}
    assert store.data(DataQuery()) == store.data(DataQuery(name="df", digests=("aa",))) == []
    assert store.count_data(DataQuery()) == 0
    assert store.blobs.digests() == []
    assert store.settle() == []


STRETCHES = {
    "one after the other": ([(1, 1), (2, 2), (3, 3)], [(1, 3)]),
    "in any order": ([(3, 3), (1, 1), (2, 2)], [(1, 3)]),
    "over one another": ([(2, 9), (1, 4), (3, 3)], [(1, 9)]),
    "apart": ([(1, 2), (4, 4), (8, 9)], [(1, 2), (4, 4), (8, 9)]),
    "joined by a later one": ([(1, 2), (4, 5), (7, 7), (3, 6)], [(1, 7)]),
    "again": ([(1, 2), (1, 2)], [(1, 2)]),
}


@pytest.mark.parametrize(("saved", "kept"), STRETCHES.values(), ids=STRETCHES.keys())
@pytest.mark.parametrize("at_once", [True, False])
def test_what_a_run_contains_is_kept_in_as_few_stretches_as_can_be(store, saved, kept, at_once):
    records = [Stretch("r", first, last, first % 2 == 0) for first, last in saved]
    store.save([Session("s", 1.0, "script", "x", ended=2.0), Run("r", "s", "x", 1.0)])
    for batch in [records] if at_once else ([record] for record in records):
        store.save(batch)
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT first, last, gave_result FROM stretches").all()
    assert sorted((row[0], row[1]) for row in rows if not row[2]) == kept
    givers = {n for first, last in saved if first % 2 == 0 for n in range(first, last + 1)}
    assert {n for row in rows if row[2] for n in range(row[0], row[1] + 1)} == givers


def kept_stretches(store):
    with store.engine.connect() as connection:
        rows = connection.exec_driver_sql("SELECT gave_result, first, last FROM stretches").all()
    return {gave: sorted(row[1:] for row in rows if row[0] == gave) for gave in (False, True)}


BOUNDS = st.tuples(st.integers(0, 40), st.integers(0, 6), st.booleans())


@given(st.lists(st.lists(BOUNDS, max_size=5), max_size=6))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stretches_stay_apart_however_they_are_saved(store, batches):
    made = [
        [Stretch("r", first, first + more, gave) for first, more, gave in batch]
        for batch in batches
    ]
    with store.engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM stretches")
    store.save([Session("s", 1.0, "script", "x", ended=2.0), Run("r", "s", "x", 1.0)])
    for batch in made:
        store.save(batch)
    together = [each for batch in made for each in batch]
    assert kept_stretches(store) == {
        False: joined((each.first, each.last) for each in together),
        True: joined((each.first, each.last) for each in together if each.gave_result),
    }


def test_of_many_stretches_only_those_beside_a_new_one_are_read(store):
    store.save([Session("s", 1.0, "script", "x", ended=2.0), Run("r", "s", "x", 1.0)])
    store.save([Stretch("r", number, number, number % 4 == 0) for number in range(0, 600, 2)])
    with store.engine.connect() as connection:
        found = contained._near(connection, [Stretch("r", 301, 303), Stretch("r", 7, 7)])
    assert found == {
        ("r", False): [(6, 6), (8, 8), (300, 300), (302, 302), (304, 304)],
        ("r", True): [(8, 8), (300, 300), (304, 304)],
    }
