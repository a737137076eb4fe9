"""What could stand at a place in a filter."""

import pytest

from nbmlops.query.completing import MOST_OPTIONS, Choices, completions
from nbmlops.query.parsing import parse

VALUES = {
    ("params", "lr"): (0.1, 1e-05, True, "it's"),
    ("params", "a b"): ("x",),
    ("tags", "team"): ("blue", "red"),
}
CHOICES = Choices(
    metrics=("auc", "val loss", "val/auc"),
    params=("lr", "depth"),
    tags=("team",),
    experiments=("churn", "it's"),
    values=lambda kind, name: VALUES.get((kind, name), ()),
)


def offered(text, cursor=None):
    found = completions(text, len(text) if cursor is None else cursor, CHOICES)
    return [option.text for option in found.options]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        pytest.param("met", "metrics.", id="a scope"),
        pytest.param("metrics.", "metrics.auc", id="behind a dot"),
        pytest.param("metrics.a", "metrics.auc", id="a metric"),
        pytest.param("METRICS.A", "metrics.auc", id="in capitals"),
        pytest.param("lr", "params.lr", id="a name alone"),
        pytest.param("metrics.val", "metrics.`val loss`", id="a name in backticks"),
        pytest.param("metrics.`val l", "metrics.`val loss`", id="begun in backticks"),
        pytest.param("metrics.val/", "metrics.val/auc", id="with a slash"),
        pytest.param("params.lr > 0.1 and me", "metrics.", id="behind and"),
        pytest.param("not (me", "metrics.", id="in parentheses"),
        pytest.param("params.lr ", "=", id="behind a name"),
        pytest.param("params.lr not ", "like", id="behind a name and not"),
        pytest.param("status = ", "'running'", id="values"),
        pytest.param("status = 'fi", "'finished'", id="values in quotes"),
        pytest.param("status in ('fi", "'finished'", id="values in a list"),
        pytest.param("status in ('failed', ", "'running'", id="further values"),
        pytest.param("run.status != fa", "'failed'", id="of the long name"),
        pytest.param("experiment = 'it", "'it''s'", id="a value with a quote"),
        pytest.param("automatic = ", "true", id="flags"),
        pytest.param("params.lr = ", "0.1", id="a parameter's numbers"),
        pytest.param("param.lr = 1e", "1e-05", id="a parameter's small numbers"),
        pytest.param("params.lr = t", "true", id="a parameter's truths"),
        pytest.param("params.lr in ('i", "'it''s'", id="a parameter's texts"),
        pytest.param("lr = ", "0.1", id="of a parameter named alone"),
        pytest.param("params.`a b` = ", "'x'", id="of a name in backticks"),
        pytest.param("tags.team != 'r", "'red'", id="a tag's values"),
        pytest.param("params.lr > 0.1 ", "and", id="behind a value"),
        pytest.param("params.lr is null o", "or", id="behind null"),
    ],
)
def test_what_begins_so_is_offered(text, first):
    assert offered(text)[0] == first


@pytest.mark.parametrize("text", ["metrics.auc > 0.5 'x", "§ me", "'", "x" * 2000, "((((", ""])
def test_anything_can_be_completed(text):
    assert len(offered(text)) <= MOST_OPTIONS


def test_word_is_replaced_whole_wherever_the_place_in_it_is():
    text = "metrics.loss > 1 and params.lr < 2"
    found = completions(text, 9, CHOICES)
    assert text[found.start : found.end] == "metrics.loss"
    found = completions(text, 23, CHOICES)
    assert text[found.start : found.end] == "params.lr"
    assert [option.text for option in found.options][:2] == ["parent", "params."]


@pytest.mark.parametrize("text", ["", "status = ", "experiment = ", "params.lr > 1 and "])
def test_what_is_offered_can_be_read(text):
    for option in completions(text, len(text), CHOICES).options:
        name_follows = option.kind == "word"
        whole = text + option.text
        if option.kind in ("field", "metric", "param", "tag"):
            whole += "x = 1" if whole.endswith(".") else " = 1"
        if not name_follows:
            parse(whole)


def test_names_that_have_it_inside_follow_those_that_begin_so():
    assert offered("auc") == ["metrics.auc", "metrics.val/auc"]
