"""Filters and orders as text: what they are read as, what is refused and where it points."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.errors import QueryError
from nbmlops.query.parsing import MOST_COMPARISONS, MOST_LEVELS, parse, parse_order
from nbmlops.query.tokens import KEYWORDS, PLAIN_PART
from nbmlops.query.tree import And, Comparison, Constant, Name, Not, Or, Part, SortKey
from nbmlops.query.writing import written, written_order


def named(*parts):
    return Name(tuple(Part(part.strip("`"), is_quoted=part[0] == "`") for part in parts))


def compared(name, operator, *values):
    return Comparison(named(*name.split(".")), operator, tuple(map(Constant, values)))


# The first column is from MLflow's documentation and the tests of its parser.
MLFLOW = [
    ("metric.acc >= 0.94", compared("metric.acc", ">=", 0.94)),
    ("metric.acc>=100", compared("metric.acc", ">=", 100.0)),
    ("metrics.acc < -1e-3", compared("metrics.acc", "<", -0.001)),
    ("params.m!='tf'", compared("params.m", "!=", "tf")),
    ('params."m"!="tf"', compared("params.`m`", "!=", "tf")),
    ('metric."legit name" >= 0.243', compared("metric.`legit name`", ">=", 0.243)),
    ('metrics."X-Y-Z" = 3', compared("metrics.`X-Y-Z`", "=", 3.0)),
    ('metrics."X//Y#$$@&Z" = 3', compared("metrics.`X//Y#$$@&Z`", "=", 3.0)),
    ("`metric`.a >= 0.1", compared("`metric`.a", ">=", 0.1)),
    ("`params`.model >= 'LR'", compared("`params`.model", ">=", "LR")),
    ("tags.version = 'commit-hash'", compared("tags.version", "=", "commit-hash")),
    ("metrics.`spacey name` > 5", compared("metrics.`spacey name`", ">", 5.0)),
    ('params.m = "L\'Hosp"', compared("params.m", "=", "L'Hosp")),
    ("run.status = 'RUNNING'", compared("run.status", "=", "RUNNING")),
    ("attribute.start_time >= 1234", compared("attribute.start_time", ">=", 1234.0)),
    ("tags.version IS NULL", compared("tags.version", "is null")),
    ("params.lr is Not null", compared("params.lr", "is not null")),
    ("attributes.run_id IN ('a', \"b\")", compared("attributes.run_id", "in", "a", "b")),
    ("run_id not in ('a',)", compared("run_id", "not in", "a")),
    ("params.model LIKE '%Reg%'", compared("params.model", "like", "%Reg%")),
    ("tags.x ilike 'A_c'", compared("tags.x", "ilike", "A_c")),
    (
        "metrics.rmse < 1 and params.model_class = 'LR'",
        And((compared("metrics.rmse", "<", 1.0), compared("params.model_class", "=", "LR"))),
    ),
    ("", And()),
    (" \n", And()),
]
OURS = [
    ("auc == 1", compared("auc", "=", 1.0)),
    ("auc <> .5", compared("auc", "!=", 0.5)),
    ("auc < inf", compared("auc", "<", float("inf"))),
    ("name ~ '^a.*\\d$'", compared("name", "matches", r"^a.*\d$")),
    ("name !~ 'a'", compared("name", "not matches", "a")),
    ("name matches 'a'", compared("name", "matches", "a")),
    ("a not like 'b'", compared("a", "not like", "b")),
    ("a between 1 and 2", compared("a", "between", 1.0, 2.0)),
    ("a not between 1 and 2 and b=1",
     And((compared("a", "not between", 1.0, 2.0), compared("b", "=", 1.0)))),
    ("a is not nan", compared("a", "is not nan")),
    ("params.x = TRUE", compared("params.x", "=", True)),
    ("note = 'it''s'", compared("note", "=", "it's")),
    ("note = 'C:\\'", compared("note", "=", "C:\\")),
    ("metrics.val/loss < 1", compared("metrics.val/loss", "<", 1.0)),
    ("metrics.cross-entropy<-1", compared("metrics.cross-entropy", "<", -1.0)),
    ("data.2020.rows > 1", compared("data.2020.rows", ">", 1.0)),
    ("metrics.in > 1", compared("metrics.in", ">", 1.0)),
    ("`or` > 1", compared("`or`", ">", 1.0)),
    ("größe > 1", compared("größe", ">", 1.0)),
    ("a=1 or b=2 and c=3", Or((compared("a", "=", 1.0),
     And((compared("b", "=", 2.0), compared("c", "=", 3.0)))))),
    ("(a=1 or b=2) and c=3", And((Or((compared("a", "=", 1.0), compared("b", "=", 2.0))),
     compared("c", "=", 3.0)))),
    ("not a=1 and b=2", And((Not(compared("a", "=", 1.0)), compared("b", "=", 2.0)))),
    ("NOT NOT (a=1)", Not(Not(compared("a", "=", 1.0)))),
]  # fmt: skip


@pytest.mark.parametrize(("text", "tree"), MLFLOW + OURS, ids=[text for text, _ in MLFLOW + OURS])
def test_filter_is_read_as(text, tree):
    assert parse(text) == tree
    assert parse(written(tree)) == tree


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("metrics.auc", (SortKey(named("metrics", "auc")),)),
        ("metrics.`a b` DESC", (SortKey(named("metrics", "`a b`"), descending=True),)),
        ("a asc, b desc,c", (SortKey(named("a"), descending=False),
         SortKey(named("b"), descending=True), SortKey(named("c")))),
    ],
)  # fmt: skip
def test_order_is_read_as(text, keys):
    assert parse_order(text) == keys
    assert parse_order(written_order(keys)) == keys


@pytest.mark.parametrize(
    ("text", "start", "said"),
    [
        ("a >", 3, "expected a value behind >"),
        ("a > 1 and", 9, "expected a name"),
        ("a > 1 andd b > 2", 6, "expected and, or, or the end"),
        ("(a > 1", 6, "expected )"),
        ("a > 1)", 5, "expected and, or, or the end"),
        ("a = b", 4, "put in quotes: 'b'"),
        ("a = 'b", 4, "not closed"),
        ("a = `b", 4, "not closed"),
        ("a = null", 4, "write: is null"),
        ("a = nan", 4, "write: is nan"),
        ("a is 1", 5, "expected null or nan"),
        ("a not 1", 6, "expected like"),
        ("a b", 2, "expected a comparison"),
        ("1 = 1", 0, "expected a name"),
        ("in = 1", 0, "one called in is put in `backticks`"),
        ("a in ()", 6, "expected a value behind in"),
        ("a in 1", 5, "expected ("),
        ("a between 1 or 2", 12, "expected and"),
        ("a ~ '('", 4, "no regular expression"),
        ("a ~ 1", 4, "takes a text"),
        ("a > 1 && b > 2", 6, "write and"),
        ("a > 1 || b > 2", 6, "write or"),
        ("a > 1; b > 2", 5, "';' has no meaning"),
        ("a > 12abc", 4, "neither a number nor a name"),
        ("a . b > 1", 2, "neither a number nor a name"),
    ],
)
def test_what_is_no_filter_is_pointed_at(text, start, said):
    with pytest.raises(QueryError) as caught:
        parse(text)
    assert (caught.value.start, said in caught.value.reason) == (start, True), caught.value
    _, line, caret = str(caught.value).split("\n")
    assert line == f"  {text}"
    assert caret == "  " + " " * start + "^"


@pytest.mark.parametrize("text", ["", "a b", "a,", "a > 1", "a desc asc", ",a", "a" + ",a" * 10])
def test_what_is_no_order_is_refused(text):
    with pytest.raises(QueryError):
        parse_order(text)


def test_error_in_a_long_text_shows_its_surroundings_on_one_line():
    text = "a = 1 and\n" * 100 + "b ="
    with pytest.raises(QueryError) as caught:
        parse(text)
    _, line, caret = str(caught.value).split("\n")
    assert line.startswith("  …")
    assert line[caret.index("^") - 3 : caret.index("^")] == "b ="


@pytest.mark.parametrize(
    "text",
    [
        "(" * 10_000,
        "not " * 10_000 + "a=1",
        " or ".join(["a=1"] * (MOST_COMPARISONS + 1)),
        f"a in ({','.join(['1'] * 10_001)})",
        "a = '" + "x" * 100_000 + "'",
        f"a like '{'x' * 10_001}'",
    ],
    ids=lambda text: text[:8],
)
def test_filter_that_is_too_big_is_refused(text):
    with pytest.raises(QueryError, match="at most"):
        parse(text)


def test_filter_may_be_as_big_as_is_said():
    parse("(" * MOST_LEVELS + "a=1" + ")" * MOST_LEVELS)
    parse(" or ".join(["a=1"] * MOST_COMPARISONS))


WORDS = (
    "metrics. params auc status = == != <> < <= > >= ~ !~ ( ) , . and or not in between like ilike "
    "matches is null nan true ' \" ` 1 -2.5e3 inf 'x' \"y\" `z` asc desc \\ % [ \n é \0 \ud800"
).split(" ")


@given(st.one_of(st.text(), st.lists(st.sampled_from(WORDS), max_size=20).map(" ".join),
                 st.lists(st.sampled_from(WORDS), max_size=20).map("".join)))  # fmt: skip
def test_any_text_is_a_tree_that_reads_back_or_an_error_that_points_into_it(text):
    for read, write in ((parse, written), (parse_order, written_order)):
        tree = problem = None
        try:
            tree = read(text)
        except QueryError as caught:
            problem = caught
        if problem is None:
            assert read(write(tree)) == tree
        else:
            assert 0 <= problem.start <= len(text)
            assert str(problem)


plain_texts = st.from_regex(PLAIN_PART, fullmatch=True)
parts = st.one_of(plain_texts.map(Part), st.text().map(lambda text: Part(text, is_quoted=True)))
first_parts = parts.filter(
    lambda part: part.is_quoted or (re.match(r"[^\W\d]", part.text) and part.text.isidentifier())
)
names = st.tuples(first_parts, st.lists(parts, max_size=3)).map(
    lambda found: Name((found[0], *found[1]))
)
constants = st.one_of(
    st.text(), st.floats(allow_nan=False), st.booleans()
).map(Constant)  # fmt: skip
comparisons = st.one_of(
    st.builds(lambda name, sign, value: Comparison(name, sign, (value,)), names,
              st.sampled_from([*"= != < <= > >= like".split(), "not like"]), constants),
    st.builds(lambda name, sign, values: Comparison(name, sign, tuple(values)), names,
              st.sampled_from(["in", "not in"]), st.lists(constants, min_size=1, max_size=3)),
    st.builds(lambda name, low, high: Comparison(name, "between", (low, high)), names, constants,
              constants),
    st.builds(lambda name, sign: Comparison(name, sign), names,
              st.sampled_from(["is null", "is not nan"])),
)  # fmt: skip
trees = st.recursive(
    comparisons,
    lambda inner: st.one_of(
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: And(tuple(parts))),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: Or(tuple(parts))),
        inner.map(Not),
    ),
    max_leaves=6,
)


def is_readable(tree):
    """Tell whether its names are none of the keywords, and its patterns are texts."""
    match tree:
        case And(inner) | Or(inner):
            return all(map(is_readable, inner))
        case Not(inner):
            return is_readable(inner)
        case _:
            first = tree.name.parts[0]
            is_keyword = not first.is_quoted and first.text.lower() in KEYWORDS
            is_pattern = tree.operator.endswith("like")
            return not is_keyword and not (
                is_pattern and not isinstance(tree.constants[0].value, str)
            )


@given(trees.filter(is_readable))
def test_a_tree_that_is_written_and_read_is_the_same(tree):
    assert parse(written(tree)) == tree
