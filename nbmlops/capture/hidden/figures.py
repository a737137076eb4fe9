"""The figures of pyplot that stay open from one execution to the next.

In a terminal, with the Agg backend, or where `InlineBackend.close_figures` is off, what `plt.plot`
draws on was left by an earlier cell. Figures that are gone at the end are told of nobody.

Who works with figures and axes by their own names needs no figures that pyplot has open, but where
one of those was changed, pyplot finds it changed.
"""

import sys

from nbmlops.capture.hidden.base import Ended, Seen
from nbmlops.capture.hidden.libraries import is_code, library_of, works_with
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import FIGURES


class PyplotFigures:
    """Tells which executions opened figures that stayed, and which used pyplot meanwhile."""

    def open(self) -> None:
        """Do nothing: figures are looked at when executions begin and end."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> bool:
        """Return whether figures are open."""
        are_open = _are_open()
        seen.may_plot = seen.may_plot or are_open
        return are_open

    def mentioned(self, mention: Mention, seen: Seen, before: object) -> None:
        """Do nothing: whether pyplot was used is known at the end."""

    def ended(self, execution: Ended, seen: Seen, before: bool) -> None:
        """Tell whether the execution opened the figures that are there, or used them."""
        if before:
            if seen.plots or _is_drawn_with(execution):
                seen.change(FIGURES)
            elif _are_changed(execution):
                seen.touched.add(FIGURES)
        elif _are_open():
            seen.defined.add(FIGURES)


def _is_drawn_with(execution: Ended) -> bool:
    """Tell whether an execution used modules, functions or classes of matplotlib."""
    return any(
        is_code(execution.namespace[name]) and _is_of_matplotlib(execution.namespace[name])
        for name in execution.handled
        if name in execution.namespace
    )


def _are_changed(execution: Ended) -> bool:
    """Tell whether an execution changed figures, axes or what is drawn in them."""
    values = execution.namespace
    return any(
        _is_of_matplotlib(values[name]) for name in execution.names.touched if name in values
    )


def _is_of_matplotlib(value: object) -> bool:
    return works_with(library_of(value)) == "matplotlib"


def _are_open() -> bool:
    module = sys.modules.get("matplotlib._pylab_helpers")
    helper = None if module is None else module.__dict__.get("Gcf")
    return bool(getattr(helper, "figs", None))
