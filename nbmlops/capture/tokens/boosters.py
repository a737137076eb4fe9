"""Boosters of xgboost and lightgbm: by the form in which they are saved, which takes its time."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

# How many nodes take as long as writing a tree.
_XGBOOST_NODES, _LIGHTGBM_NODES = 5, 50
_EVERY_ITERATION = -1  # not only those up to the best


def xgboost(walk: "Walk", value: Any) -> None:
    """Write a `xgboost.Booster`."""
    from xgboost import Booster

    trees = Booster.num_boosted_rounds(value)
    walk.out.append(b"trees%d;" % trees)
    if walk.takes_nodes(trees * _XGBOOST_NODES):
        walk.write_digest(bytes(Booster.save_raw(value, raw_format="ubj")))


def lightgbm(walk: "Walk", value: Any) -> None:
    """Write a `lightgbm.Booster`."""
    from lightgbm import Booster

    trees = Booster.num_trees(value)
    walk.out.append(b"trees%d;" % trees)
    if walk.takes_nodes(trees * _LIGHTGBM_NODES):
        text = Booster.model_to_string(value, num_iteration=_EVERY_ITERATION)
        walk.write_digest(text.encode("utf-8", "surrogatepass"))
