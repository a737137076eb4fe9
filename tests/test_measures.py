import pytest

from nbmlops.config import Settings
from nbmlops.measures import direction, is_metric


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("accuracy", True),
        ("acc", True),
        ("val_acc", True),
        ("AUC", True),
        ("test_auc", True),
        ("auc_train", True),
        ("f1", True),
        ("f1_macro", True),
        ("loss", True),
        ("valLoss", True),
        ("rmse", True),
        ("RMSE_log", True),
        ("r2", True),
        ("test_score", True),
        ("scores", True),
        ("iou", True),
        ("x", False),
        ("df", False),
        ("lr", False),
        ("accumulator", False),
        ("mae", True),
        ("maestro", False),
        ("r2d2", False),
        ("_accuracy", False),
        ("__score", False),
        ("n_scores", False),
        ("num_loss", False),
        ("score_threshold", False),
        ("loss_weight", False),
        ("loss_fn", False),
        ("score_func", False),
        ("score_col", False),
        ("loss_name", False),
    ],
)
def test_a_name_is_a_metric_by_convention(name, expected):
    assert is_metric(name, Settings()) is expected


@pytest.mark.parametrize(
    ("settings", "name", "expected"),
    [
        pytest.param(Settings(metrics=("profit",)), "profit", True, id="own pattern"),
        pytest.param(Settings(metrics=("profit",)), "PROFIT", True, id="case does not matter"),
        pytest.param(Settings(metrics=("profit",)), "accuracy", False, id="own patterns replace"),
        pytest.param(Settings(not_metrics=("best_*",)), "best_score", False, id="own exception"),
        pytest.param(Settings(metrics=("*",)), "_hidden", False, id="underscore stays private"),
    ],
)
def test_settings_decide_which_names_are_metrics(settings, name, expected):
    assert is_metric(name, settings) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("loss", "lower"),
        ("val_loss", "lower"),
        ("log_loss", "lower"),
        ("rmse", "lower"),
        ("MAE", "lower"),
        ("mean_squared_error", "lower"),
        ("brier_score", "lower"),
        ("mape", "lower"),
        ("perplexity", "lower"),
        ("accuracy", "higher"),
        ("roc_auc", "higher"),
        ("F1", "higher"),
        ("r2", "higher"),
        ("average_precision", "higher"),
        ("silhouette_score", "higher"),
        ("iou_mean", "higher"),
        ("duration", "unknown"),
        ("x", "unknown"),
    ],
)
def test_direction_follows_the_conventional_name(name, expected):
    assert direction(name, Settings()) == expected


@pytest.mark.parametrize(
    ("settings", "name", "expected"),
    [
        pytest.param(Settings(lower_is_better=("accuracy",)), "accuracy", "lower", id="lower"),
        pytest.param(Settings(higher_is_better=("*loss",)), "val_loss", "higher", id="higher"),
        pytest.param(Settings(higher_is_better=("profit",)), "Profit", "higher", id="new name"),
        pytest.param(
            Settings(lower_is_better=("a*",), higher_is_better=("a*",)), "auc", "lower", id="both"
        ),
    ],
)
def test_settings_decide_a_direction_before_the_name_does(settings, name, expected):
    assert direction(name, settings) == expected
