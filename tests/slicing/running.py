"""Checking many notebooks at once: a workshop for each of a few threads."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from queue import Empty, SimpleQueue

from jupyter_core.utils import ensure_event_loop

from tests.slicing.checking import ORDERS, Checkup, Order, check_in, workshop
from tests.slicing.notebooks import Notebook

_MOST_WORKERS = 4


def check_all(
    notebooks: Sequence[Notebook],
    *,
    orders: Sequence[Order] = ORDERS,
    seed: int = 0,
    workers: int | None = None,
) -> list[Checkup]:
    """Check notebooks in all orders; return what was found, in their order."""
    waiting: SimpleQueue[int] = SimpleQueue()
    for number in range(len(notebooks)):
        waiting.put(number)
    found: dict[int, list[Checkup]] = {}

    def work() -> None:
        # The loop of this thread, that jupyter_client would make and leave open.
        with closing(ensure_event_loop()), workshop() as shop:
            while True:
                try:
                    number = waiting.get_nowait()
                except Empty:
                    return
                try:
                    found[number] = check_in(notebooks[number], orders, shop, seed=seed)
                except Exception as problem:  # the others are to be checked all the same
                    name, words = notebooks[number].name, f"{type(problem).__name__}: {problem}"
                    found[number] = [Checkup(name, order, problem=words) for order in orders]

    count = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
    with ThreadPoolExecutor(count) as pool:
        for done in [pool.submit(work) for _ in range(count)]:
            done.result()
    return [checkup for number in range(len(notebooks)) for checkup in found[number]]
