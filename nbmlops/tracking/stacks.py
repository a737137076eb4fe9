"""The runs that are open, each inside the one before it."""

import threading

from nbmlops.tracking.active import ActiveRun


class Stacks:
    """One stack of open runs for the notebook, and one for each other thread that opens its own.

    Attributes
    ----------
    main : list of ActiveRun
        The notebook's, where automatic runs are, too.
    """

    def __init__(self) -> None:
        self.main: list[ActiveRun] = []
        self._others: dict[int, list[ActiveRun]] = {}
        self._main_thread = threading.get_ident()

    @property
    def top(self) -> ActiveRun | None:
        """The run that results of this thread go to: of its own stack, else of the notebook's."""
        own = self._others.get(threading.get_ident()) if self._others else None
        stack = own or self.main
        return stack[-1] if stack else None

    @property
    def own(self) -> list[ActiveRun]:
        """The stack that runs go to which this thread opens by hand."""
        thread = threading.get_ident()
        if thread == self._main_thread or threading.current_thread() is threading.main_thread():
            return self.main
        return self._others.setdefault(thread, [])

    @property
    def all(self) -> list[list[ActiveRun]]:
        """Every stack, the notebook's first."""
        return [self.main, *self._others.values()]
