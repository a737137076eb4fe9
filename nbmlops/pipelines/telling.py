"""How many cells of an execution are done, told to whoever wants to know."""

from nbmlops.drawing.progress import HowFar


class Telling:
    """Stands where papermill has a bar of tqdm's."""

    def __init__(self, say: HowFar, total: int) -> None:
        self.n, self._say, self._total = 0, say, total
        say(0, total)

    def update(self, count: int = 1) -> None:
        """Tell that further cells are done."""
        self.n += count
        self._say(self.n, self._total)

    def set_description(self, text: str) -> None:
        """Leave the name of a cell unsaid."""

    def refresh(self) -> None:
        """Draw nothing: papermill says in the end that all are done, also where one failed."""

    def close(self) -> None:
        """End nothing: who is told ends it."""
