"""Which names are metrics, and which way each is better."""

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import Literal

from nbmlops.config import Settings

type Direction = Literal["higher", "lower", "unknown"]

# By the conventional names of scikit-learn's, Keras's and PyTorch Lightning's metrics.
_LOWER = (
    "*loss* *error* rmse* *_rmse *mse* mae *_mae mae_* *mape* brier* perplexity *deviance* "
    "*_err *log_loss* wer cer *_wer *_cer *latency* *divergence* bias *_bias"
).split()
_HIGHER = (
    "acc accuracy *_acc *_accuracy *auc* f1* *_f1 *precision* *recall* *r2* *score* bleu* "
    "rouge* *iou* dice* ndcg* silhouette* mcc *_mcc kappa* *_kappa *likelihood* reward* "
    "*_reward map_*"
).split()


@lru_cache(maxsize=10_000)
def is_metric(name: str, settings: Settings) -> bool:
    """Tell whether a top-level scalar of this name is a result; case does not matter.

    Examples
    --------
    >>> is_metric("val_AUC", Settings()), is_metric("n_scores", Settings())
    (True, False)
    """
    if name.startswith("_"):
        return False
    plain = name.lower()
    return _fits(plain, settings.metrics) and not _fits(plain, settings.not_metrics)


def direction(name: str, settings: Settings) -> Direction:
    """Tell whether a higher or a lower value of a metric is better.

    Examples
    --------
    >>> direction("val_loss", Settings()), direction("roc_auc", Settings())
    ('lower', 'higher')
    """
    plain = name.lower()
    if _fits(plain, settings.lower_is_better):
        return "lower"
    if _fits(plain, settings.higher_is_better):
        return "higher"
    if _fits(plain, _LOWER):
        return "lower"
    return "higher" if _fits(plain, _HIGHER) else "unknown"


def _fits(name: str, patterns: tuple[str, ...] | list[str]) -> bool:
    return any(fnmatchcase(name, pattern) for pattern in patterns)
