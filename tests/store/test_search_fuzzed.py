"""Whole filters, made up: both databases find what Python does, in one order, page by page."""

import json
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from nbmlops.query.meaning import Reader
from nbmlops.query.parsing import parse
from nbmlops.records import (
    Environment,
    Execution,
    Metric,
    Model,
    Param,
    Run,
    Session,
    Stretch,
    Tag,
    Use,
    Value,
)
from nbmlops.store import open_store
from nbmlops.store.base import RunSearch
from tests.store.conftest import KINDS, new_url
from tests.store.evaluating import Known, holds

NAN, INF = float("nan"), float("inf")
NUMBERS = [0.0, 0.25, 0.5, 1.0, -1.0]
TEXTS = ["", "a", "A", "ab", "1", "0.5", "True", "é", "it's", "x_y", "100%"]
PARAMS = [*NUMBERS, *TEXTS, 1, 2, True, False, None, INF, -INF]
CLASSES = ["sklearn.Ridge", "sklearn.linear_model.Ridge", "Lasso"]
VERSIONS = ["1.9", "1.10", "2.0", "2.0rc1"]
SOURCES = ["x = load('a')", "fit(x)\nfit(y)", "plot(100%)"]
RUNS = 40


def made_up(chance):
    """Return records of runs, and the same as plain values."""
    records, known = [], {}
    for number in range(RUNS):
        run, session = f"run{number:02}", f"session{number // 4}"
        if number % 4 == 0:
            records.append(Session(session, 1.0, "script", "x", ended=9.0))
            records += _cells(session, chance)
        package = {"numpy": chance.choice(VERSIONS)} if number % 3 else {}
        environment = json.dumps({"git": None, "packages": package, "python": {}})
        columns = {
            "id": run, "experiment": chance.choice(TEXTS[1:4]), "opened": float(number % 7),
            "name": chance.choice([None, *TEXTS]), "user": chance.choice(TEXTS[1:]),
            "status": chance.choice(["finished", "failed", "interrupted"]),
            "hypothesis": chance.choice([None, "a", "Ab"]),
        }  # fmt: skip
        metrics = {name: _measured(chance) for name in ("loss", "auc") if chance.random() < 0.8}
        params = {name: chance.choice(PARAMS) for name in ("p", "q") if chance.random() < 0.8}
        if number % 5:
            params["text"] = chance.choice(TEXTS)
        tags = {name: chance.choice(TEXTS) for name in ("a", "t") if chance.random() < 0.6}
        models = [chance.choice(CLASSES) for _ in range(chance.randrange(3))]
        first = chance.randint(1, 3)
        records += [
            Environment(f"e{number}", environment),
            Run(session_id=session, closed=9.0, environment=f"e{number}", **columns),
            Stretch(run, first, min(first + 1, 3)),
            *(Metric(run, name, *found.values(), 0, 1.0) for name, found in metrics.items()),
            *(Param.of(run, name, value, "cell") for name, value in params.items()),
            *(Tag(run, name, value) for name, value in tags.items()),
            *(Model(run, f"m{n}", name, "{}") for n, name in enumerate(models)),
        ]
        of_session = [cell for cell in records
                      if isinstance(cell, Execution) and cell.session_id == session]  # fmt: skip
        cells = [cell for cell in of_session if first <= cell.sequence <= first + 1]
        known[run] = Known(
            columns, metrics, params, tags, models,
            [{"source": cell.source, "tag": cell.tags} for cell in cells],
            {"train": _used(records, cells)}, package,
        )  # fmt: skip
    return records, known


def _cells(session, chance):
    for sequence in (1, 2, 3):
        cell, rows = f"{session}-{sequence}", chance.choice([10, 20, 30])
        tags = tuple(chance.sample(["parameters", "a", "é"], chance.randrange(3)))
        yield Execution(cell, session, sequence, chance.choice(SOURCES), 1.0, "k", tags=tags)
        if sequence == 2 and chance.random() < 0.7:
            yield Value(f"{rows:08}", "frame", "pandas.DataFrame", "exact", "{}", rows, 3)
            yield Use(cell, "train", "read", f"{rows:08}")


def _used(records, cells):
    ids = {cell.id for cell in cells}
    for use in records:
        if isinstance(use, Use) and use.execution_id in ids:
            return {"row_count": float(use.digest), "digest": use.digest, "kind": "frame"}
    return {}


def _measured(chance):
    last = chance.choice([*NUMBERS, NAN])
    least, greatest = (NAN, NAN) if chance.random() < 0.1 else (-1.0, chance.choice([1.0, 2.0]))
    return {"last": last, "minimum": least, "maximum": greatest, "count": chance.randint(1, 3)}


@pytest.fixture(scope="module")
def asked(request, tmp_path_factory):
    """A store of each kind, with the same runs in them, and these as plain values."""
    records, known = made_up(random.Random(7))
    stores = []
    for kind in KINDS:
        store = open_store(new_url(kind, tmp_path_factory.mktemp(kind), request))
        store.save(records)
        stores.append(store)
    with pytest.MonkeyPatch.context() as patch:  # so that some finds are many, others few
        patch.setattr("nbmlops.store.search_conditions._FEW_NAMED", RUNS // 5)
        patch.setattr("nbmlops.store.search_conditions._FEW_OF_MANY", RUNS // 5)
        yield stores, known
    for store in stores:
        store.close()


def quoted(text):
    return "'" + text.replace("'", "''") + "'"


def compared(names, constants, *, patterns=False, ordered=True):
    """Make comparisons of some fields with some constants."""
    signs = ["=", "!=", *(["<", "<=", ">", ">="] if ordered else [])]
    one = st.builds("{} {} {}".format, names, st.sampled_from(signs), constants)
    listed = st.lists(constants, min_size=1, max_size=3).map(", ".join)
    inside = st.builds("{} {} ({})".format, names, st.sampled_from(["in", "not in"]), listed)
    nothing = st.builds("{} {}".format, names, st.sampled_from(["is null", "is not null"]))
    forms = [one, inside, nothing]
    if ordered:
        words = st.sampled_from(["between", "not between"])
        forms.append(st.builds("{} {} {} and {}".format, names, words, constants, constants))
    if patterns:
        like = st.sampled_from(["like", "not like", "ilike", "not ilike"])
        found = st.sampled_from(["a%", "%", "_", "%1%", "é", "%fit%", "Ridge", "%.Ridge", "x_y"])
        forms.append(st.builds("{} {} {}".format, names, like, found.map(quoted)))
        regular = st.sampled_from(["^a", "b$", "[0-9]", "fit.*y", "é|A", "^$"])
        signs_too = st.sampled_from(["~", "!~"])
        forms.append(st.builds("{} {} {}".format, names, signs_too, regular.map(quoted)))
    return st.one_of(forms)


numbers = st.sampled_from([str(number) for number in (*NUMBERS, 2, 3, 10, 20, 25)])
texts = st.sampled_from([*TEXTS, *CLASSES, "parameters", "Ridge"]).map(quoted)
METRICS = [f"metrics.{name}{part}" for name in ("loss", "auc", "none")
           for part in ("", ".min", ".max", ".last", ".best", ".count")]  # fmt: skip
PLAIN = ["name", "experiment", "user", "hypothesis", "tags.a", "tags.t", "tags", "model.class",
         "cell.tag", "cell.source"]  # fmt: skip
leaves = st.one_of(
    compared(st.sampled_from(METRICS), numbers),
    st.sampled_from(METRICS).flatmap(lambda name: st.sampled_from([f"{name} is nan"])),
    compared(st.sampled_from(["params.p", "params.q"]), numbers),
    compared(st.sampled_from(["params.p", "params.q"]), texts, patterns=True),
    compared(st.just("params.text"), texts, patterns=True),
    compared(st.just("params.p"), st.sampled_from(["true", "false"]), ordered=False),
    compared(st.sampled_from(PLAIN), texts, patterns=True),
    compared(st.sampled_from(["data.train.rows", "started"]), numbers),
    compared(st.just("data.train.digest"), st.sampled_from(["'00000010'", "'0000'", "'00'"]),
             ordered=False),
    compared(st.just("package.numpy"), st.sampled_from(VERSIONS).map(quoted)),
    compared(st.just("status"), st.sampled_from(["'failed'", "'KILLED'"]), ordered=False),
)  # fmt: skip
filters = st.recursive(
    leaves,
    lambda inner: st.one_of(
        st.builds("({} and {})".format, inner, inner),
        st.builds("({} or {})".format, inner, inner),
        st.builds("not ({})".format, inner),
    ),
    max_leaves=5,
)
ORDERS = ["started", "metrics.loss", "metrics.auc.max asc", "params.p", "tags.a", "duration, name",
          "experiment, metrics.loss.min", "package.numpy"]  # fmt: skip


@given(filters, st.sampled_from(ORDERS))
@settings(max_examples=200, suppress_health_check=list(HealthCheck))
def test_both_databases_find_what_the_filter_means(asked, text, order):
    stores, known = asked
    reader = Reader(text, _Names(), 0.0, lambda name: name == "loss")
    meaning = reader.meaning(parse(text))
    meant = [run for run in known if holds(meaning, known[run])]
    search = RunSearch(text, order, is_lower_better=lambda name: name == "loss")
    pages = [[found.run.id for found in store.search(search).summaries] for store in stores]
    assert sorted(pages[0]) == meant
    assert pages[0] == pages[1]
    assert [store.count_found(search) for store in stores] == [len(meant)] * len(stores)


class _Names:
    """That names are known matters to those without a scope alone."""

    def has(self, *_):
        return False

    def names(self, _):
        return []
