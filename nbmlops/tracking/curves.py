"""What draws the curves of metrics of several runs, as a document."""

import math
from collections.abc import Sequence

from nbmlops.canonical import Json, jsonable
from nbmlops.records import RunId, RunSummary
from nbmlops.store.base import SampledSeries, Store


def curves(
    store: Store, summaries: Sequence[RunSummary], names: Sequence[str], buckets: int
) -> list[Json]:
    """Return the measurements of metrics, by metric and in the order of the runs.

    Without names, those of the metric that is worth drawing first; `first_curve`. Runs that do not
    have a metric are left out.
    """
    first = () if names else first_curve(summaries)
    ids = list(dict.fromkeys(summary.run.id for summary in summaries))
    found = store.series_of_runs(ids, names or first, buckets=buckets)
    asked_for = [(run, name) for name in names or first for run in ids]
    return [series_json(*key, found[key]) for key in asked_for if key in found]


def first_curve(summaries: Sequence[RunSummary]) -> tuple[str, ...]:
    """Return the first metric that was measured more than once, else the first; or none.

    They come in the order of a comparison of these runs.
    """
    metrics = [metric for summary in summaries for metric in summary.metrics]
    several = [metric.name for metric in metrics if metric.count > 1]
    return tuple([*several, *(metric.name for metric in metrics)][:1])


def series_json(run_id: RunId, name: str, found: SampledSeries) -> Json:
    """Return measurements as plain JSON with stable keys, in columns."""
    return {
        "run": run_id,
        "metric": name,
        "count": found.count,
        "is_whole": found.is_whole,
        "steps": [*found.steps],
        "times": [*found.times],
        "values": [value if math.isfinite(value) else jsonable(value) for value in found.values],
    }
