"""Which answers come to life, and where."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from nbmlops.canonical import Json
from nbmlops.comparison import Comparison
from nbmlops.drawing.page import Drawn
from nbmlops.errors import NoWidget
from nbmlops.replaying.replayed import Replay
from nbmlops.tracking import current
from nbmlops.tracking.data_table import DataTable
from nbmlops.tracking.details import RunPage
from nbmlops.tracking.slice_page import SlicePage
from nbmlops.tracking.table import RunTable
from nbmlops.widgets import bundle

if TYPE_CHECKING:
    from nbmlops.widgets.view import View


def alive(drawn: Drawn, shell: Any) -> Mapping[str, object]:
    """Return what shows an answer as a widget in the notebook of this kernel; else nothing.

    Whatever goes wrong in making one, the static page is still there.
    """
    first = _first(drawn) if bundle.is_built() and is_watched(shell) else None
    if first is None:
        return {}
    try:
        from nbmlops.widgets.view import View

        return View(drawn, first).living()
    except Exception as problem:  # noqa: BLE001, in the user's kernel, with any version of ipywidgets
        current.fault("drawing a widget", problem)
        return {}


def widget(answer: Drawn) -> "View":
    """Return what `runs`, `show`, `compare`, `why`, `data` or `replay` answered as a widget.

    It can be asked which runs are chosen in it.

    Raises
    ------
    NoWidget
        The answer is of another kind, or the installation has no widgets.

    Examples
    --------
    >>> chosen = widget(nbmlops.runs())  # doctest: +SKIP
    >>> chosen                            # doctest: +SKIP
    >>> chosen.selected                   # doctest: +SKIP
    ['7k44y93v0m1r5c2d']
    """
    first = _first(answer)
    if first is None or not bundle.is_built():
        raise NoWidget(type(answer).__name__, is_built=bundle.is_built())
    from nbmlops.widgets.view import View

    return View(answer, first)


def is_watched(shell: Any) -> bool:
    """Tell whether somebody looks at this execution: front ends say which cell it is.

    Headless tools do not, and their notebooks would keep the state of a widget that nobody saw.
    """
    tracker = current.tracker()
    if not hasattr(shell, "kernel") or (tracker and tracker.session.place == "headless"):
        return False
    request = shell.kernel.get_parent("shell")
    return bool(request.get("metadata", {}).get("cellId"))


def _first(drawn: Drawn) -> Mapping[str, Json] | None:
    """Return the document a widget starts with; None for what has no widget."""
    match drawn:
        case RunTable() if drawn.summaries and not drawn.in_trash:
            document = drawn.to_json()
            assert isinstance(document, dict)
            return {
                "kind": "runs",
                "document": {**document, "notes": [*drawn.notes]},
                "filter": drawn.filter,
                "order_by": drawn.order_by or "opened DESC",
            }
        case Comparison():
            names: dict[str, Json] = {run.id: run.name for run in drawn.runs if run.name}
            return {"kind": "comparison", "document": drawn.to_json(), "names": names}
        case SlicePage():
            return {"kind": "slice", "document": drawn.to_json()}
        case RunPage():
            return {"kind": "run", "document": drawn.to_json()}
        case DataTable() if drawn.sets:
            return {"kind": "data", "document": None}
        case Replay():
            return {"kind": "replay", "document": drawn.to_json()}
    return None
