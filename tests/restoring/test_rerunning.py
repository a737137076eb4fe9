"""What counts as the same result: evidence of two executions compared."""

import pytest

from nbmlops.restoring.rerunning import Evidence, Probe, Question, first_difference

ONE, TWO = Probe("aa", "exact", "1.0"), Probe("bb", "exact", "2.0")
FRAME, OTHER_FRAME = Probe("cc", "exact"), Probe("dd", "exact")
UNKNOWN = Probe("ee", "opaque")
AUC = Question(metrics=("auc",))
DF = Question(variables=("df",))


@pytest.mark.parametrize(
    ("question", "before", "after", "said"),
    [
        pytest.param(AUC, Evidence({"auc": ("0.5",)}), Evidence({"auc": ("0.5",)}), "", id="same"),
        pytest.param(
            AUC, Evidence({"auc": ("0.5",)}), Evidence({"auc": ("0.50000001",)}),
            "auc was 0.50000001 instead of 0.5", id="other number",
        ),
        pytest.param(
            AUC, Evidence({"auc": ("0.1", "0.5")}), Evidence({"auc": ("0.5",)}),
            "auc was 0.5 instead of 0.1, 0.5", id="measured less often",
        ),
        pytest.param(
            AUC, Evidence({"auc": ("nan",)}), Evidence({"auc": ("nan",)}), "", id="not a number",
        ),
        pytest.param(
            AUC, Evidence({"auc": ("0.5",)}), Evidence(),
            "auc was not measured instead of 0.5", id="not measured",
        ),
        pytest.param(
            AUC, Evidence(variables={"auc": ONE}), Evidence(variables={"auc": ONE}), "",
            id="metric by its variable",
        ),
        pytest.param(
            AUC, Evidence(variables={"auc": ONE}), Evidence(variables={"auc": TWO}),
            "auc was 2.0 instead of 1.0", id="metric by another value of its variable",
        ),
        pytest.param(AUC, Evidence(), Evidence(), "auc was not there", id="nothing to compare"),
        pytest.param(
            DF, Evidence(variables={"df": FRAME}), Evidence(variables={"df": FRAME}), "",
            id="same value",
        ),
        pytest.param(
            DF, Evidence(variables={"df": FRAME}), Evidence(variables={"df": OTHER_FRAME}),
            "df was another value", id="other value",
        ),
        pytest.param(
            DF, Evidence(variables={"df": UNKNOWN}), Evidence(variables={"df": UNKNOWN}),
            "df cannot be looked into, so that nobody can say whether it is the same",
            id="value that cannot be looked into",
        ),
        pytest.param(
            Question(outputs=True), Evidence(outputs=("a",)), Evidence(outputs=("b",)),
            "the output was another", id="other output",
        ),
        pytest.param(
            AUC, Evidence({"auc": ("0.5",)}), Evidence(problem="KeyError: 'a'"),
            "KeyError: 'a'", id="failed",
        ),
    ],
)  # fmt: skip
def test_the_first_difference_is_told(question, before, after, said):
    assert first_difference(before, after, question) == said
