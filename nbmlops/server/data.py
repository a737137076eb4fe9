"""The data that runs used, over HTTP."""

from nbmlops.canonical import Json
from nbmlops.server.asked import Asked
from nbmlops.store.base import DataQuery
from nbmlops.tracking import looking
from nbmlops.tracking.data_table import data_list

_MOST_RUNS = 100  # that used one, and are named


def listed(asked: Asked) -> Json:
    """Return a page of the data sets, the latest used first."""
    offset, limit = asked.arguments.integer("offset", 0, most=2**31), asked.arguments.limit
    query = DataQuery(packages=asked.arguments.flag("packages", True), limit=limit, offset=offset)
    return data_list(asked.store, query)


def shown(asked: Asked) -> Json:
    """Return one data set whole."""
    return looking.data(asked.names[0], limit=_MOST_RUNS, store=asked.where).to_json()
