"""What only reads gives the same token, also where a library keeps caches in the value."""

import copy
import functools
import io
import pathlib
import pickle  # noqa: F401, in the table of texts

import matplotlib as mpl
import numpy as np
import pandas as pd
import polars as pl
import pytest
import scipy.sparse
from matplotlib.figure import Figure
from sklearn.base import clone
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from tests.capture.tokens.looking import token


def frame():
    """A frame in several blocks of one type, which pandas joins when it likes."""
    made = pd.DataFrame(
        {
            "n": range(6),
            "x": np.arange(6.0),
            "s": list("ababab"),
            "t": pd.date_range("2020", periods=6),
            "tz": pd.date_range("2020", periods=6, tz="UTC"),
            "c": pd.Categorical(list("uvuvuv")),
            "o": pd.Series([[i] for i in range(6)], dtype=object),
            "i": pd.array([1, None] * 3, dtype="Int64"),
        }
    )
    for name in ("y", "z"):
        made[name] = 1.0
        made[f"{name}_time"] = made["t"]
    return made


READS_OF_FRAMES = {
    text: eval(f"lambda df: {text}")
    for text in map(
        str.strip,
        """
        df.head()
        repr(df)
        df._repr_html_()
        df.describe()
        df.index.is_unique
        df.columns.get_loc('n')
        df.columns.is_unique
        df.loc[3]
        df.loc[3, 'n']
        df.iloc[2]
        df.groupby('s')['x'].mean()
        df.groupby('c', observed=True).size()
        df.sort_values('x')
        df.values
        df.to_numpy()
        df['x'].to_numpy()
        df.copy()
        df.copy(deep=False)
        pickle.dumps(df)
        copy.deepcopy(df)
        df.merge(df[['n']], on='n')
        df.pivot_table(index='s', values='x')
        df.memory_usage(deep=True)
        df.info(buf=io.StringIO())
        df == df
        df.isna().sum()
        df.s.value_counts()
        df.to_csv()
        df.T
        df.set_index('n').loc[4]
        list(df.itertuples())
        list(df.iterrows())
        list(df.items())
        df.query('n > 3')
        df.eval('n + x')
        df.x.rolling(3).mean()
        df.s.str.upper()
        df.t.dt.year
        df.reset_index()
        df[['n', 'x']]
        df.mean(numeric_only=True)
        df.x.quantile(0.5)
        df.drop_duplicates('s')
        df.to_dict()
        pd.concat([df, df])
        df.index.get_indexer([1])
        df._consolidate_inplace()
        df.c.cat.codes
        df.attrs
        df.flags
        len(df)
        hash(tuple(df.columns))
        np.asarray(df['x']).sum()
        """.strip().split("\n"),
    )
}


@pytest.mark.parametrize("read", READS_OF_FRAMES.values(), ids=READS_OF_FRAMES)
def test_reading_a_frame_is_no_change(read):
    value = frame()
    before = token(value)
    read(value)
    assert token(value).is_same_as(before) is True


def test_wide_frame_is_the_same_once_its_blocks_are_joined():
    value = pd.DataFrame({"a": [1.0, 2.0]})
    for number in range(30):
        value[str(number)] = number * 1.5
    before, blocks = token(value), len(value._mgr.blocks)
    value._consolidate_inplace()
    assert len(value._mgr.blocks) < blocks
    assert token(value).is_same_as(before) is True


class Cached:
    def __init__(self):
        self.rows = [1]

    @functools.cached_property
    def total(self):
        return sum(self.rows)

    @functools.lru_cache  # noqa: B019
    def remembered(self, number):
        return number

    @classmethod
    def asked(cls):
        """Make one that remembers already what is asked for."""
        made = cls()
        made.remembered(made.total)
        return made


@functools.singledispatch
def dispatched(value):
    return value


X, Y = np.random.default_rng(0).normal(size=(60, 3)), np.arange(60) % 2
READS = {
    "list": (lambda: [3, 1], lambda v: (len(v), list(v), repr(v), sorted(v), v == v, v.copy())),
    "dict": (lambda: {"a": 1}, lambda v: (v.get("b"), dict(v), v | v, list(v.items()))),
    "set": (lambda: set("abc"), lambda v: (v | {1}, v - {1}, sorted(v), "a" in v)),
    "cached property": (Cached.asked, lambda v: v.total),
    "lru_cache": (Cached.asked, lambda v: v.remembered(1)),
    "singledispatch": (lambda: dispatched, lambda v: v(1)),
    "annotations": (lambda: Cached, lambda v: v.__annotations__),
    "path": (lambda: pathlib.Path("a/b"), lambda v: (v.name, v.parts, hash(v), str(v), v.parent)),
    "array": (lambda: np.arange(9.0), lambda v: (v.sum(), v[2:], v.T, v + 1, repr(v), v.copy())),
    "array flags": (lambda: np.arange(9.0), lambda v: v.flags.writeable),
    "masked": (lambda: np.ma.array([1, 2], mask=[0, 1]), lambda v: (v.fill_value, v.sum(), v[1:])),
    "sparse": (
        lambda: scipy.sparse.csr_array(np.eye(3)),
        lambda v: (v.has_sorted_indices, v.has_canonical_format, v @ v, v.toarray()),
    ),
    "index": (lambda: pd.Index(list("abc")), lambda v: (v.get_loc("b"), v.is_unique, v.view())),
    "MultiIndex": (
        lambda: pd.MultiIndex.from_product([[1, 2], ["a"]]),
        lambda v: (v.get_loc((1, "a")), v.values, v.is_monotonic_increasing),
    ),
    "group by": (lambda: frame().groupby("s"), lambda v: (v.groups, v.x.mean(), v.ngroups)),
    "polars": (
        lambda: pl.DataFrame({"a": [1, 2], "s": ["x", None]}),
        lambda v: (v["a"].sum(), v.filter(pl.col("a") > 1), v.describe(), repr(v)),
    ),
    "random state": (lambda: np.random.default_rng(1), lambda v: (v.bit_generator.state, repr(v))),
    "logistic regression": (
        lambda: make_pipeline(StandardScaler(), LogisticRegression()).fit(X, Y),
        lambda v: (v.predict(X), v.score(X, Y), repr(v), v.get_params(), clone(v)),
    ),
    "forest": (
        lambda: RandomForestClassifier(5, random_state=0).fit(X, Y),
        lambda v: (v.predict(X), v.feature_importances_, v.apply(X)),
    ),
    "gradient boosting": (
        lambda: HistGradientBoostingClassifier(max_iter=5).fit(X, Y),
        lambda v: v.predict_proba(X),
    ),
    "neighbours": (lambda: KNeighborsClassifier().fit(X, Y), lambda v: v.predict(X)),
    "vectorizer": (
        lambda: TfidfVectorizer(stop_words="english").fit(["the cat", "a dog"]),
        lambda v: (v.transform(["dog"]), v.get_feature_names_out()),
    ),
}


@pytest.mark.parametrize(("make", "read"), READS.values(), ids=READS)
def test_reading_is_no_change(make, read):
    value = make()
    before = token(value)
    read(value)
    assert token(value).is_same_as(before) is True
    copy.copy(value)
    assert token(value).is_same_as(before) is True


@pytest.mark.parametrize("library", ["xgboost", "lightgbm"])
def test_predicting_is_no_change_of_a_booster_and_training_is(library):
    module = pytest.importorskip(library)
    kinds = {"xgboost": "XGBClassifier", "lightgbm": "LGBMClassifier"}
    model = getattr(module, kinds[library])(n_estimators=5, n_jobs=1)
    model.fit(X, Y)
    before = token(model)
    assert before.is_whole
    model.predict(X)
    assert token(model).is_same_as(before) is True
    model.fit(X, 1 - Y)
    assert token(model).is_same_as(before) is False


def drawn():
    with mpl.rc_context({"backend": "agg"}):
        figure = Figure()
        axes = figure.subplots()
        axes.plot([1, 2, 3], label="one")
        axes.scatter([1, 2], [2, 3])
        axes.set_title("title")
        axes.legend()
    return figure


def test_drawing_a_figure_is_no_proven_change():
    figure = drawn()
    before = token(figure)
    figure.canvas.draw()
    figure.savefig(io.BytesIO())
    assert token(figure).is_same_as(before) is None


CHANGES_OF_FIGURES = {
    "plot": lambda axes: axes.plot([1]),
    "title": lambda axes: axes.set_title("other"),
    "label": lambda axes: axes.set_xlabel("x"),
    "colour": lambda axes: axes.lines[0].set_color("red"),
    "data": lambda axes: axes.lines[0].set_data([1], [2]),
    "scale": lambda axes: axes.set_yscale("log"),
    "ticks": lambda axes: axes.tick_params(rotation=45),
    "further axes": lambda axes: axes.figure.add_subplot(),
}


@pytest.mark.parametrize("change", CHANGES_OF_FIGURES.values(), ids=CHANGES_OF_FIGURES)
def test_change_of_a_figure_shows(change):
    figure = drawn()
    before = token(figure)
    change(figure.axes[0])
    assert token(figure).is_same_as(before) is False
