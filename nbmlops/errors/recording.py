"""Of what is set up, named and logged while cells are recorded."""

from collections.abc import Sequence

from nbmlops.errors.base import NbmlopsError, did_you_mean, listed


class ConfigInvalid(NbmlopsError, ValueError):
    """A setting in ``pyproject.toml`` or the environment has a value that cannot be used."""

    def __init__(self, where: str, reason: str) -> None:
        super().__init__(where, reason)
        self.where, self.reason = where, reason
        self.message = f"{where}: {reason}"


class InvalidRunName(NbmlopsError, ValueError):
    """A run cannot be called this: it would be read as something else, or is too long."""

    def __init__(self, name: str, reason: str) -> None:
        super().__init__(name, reason)
        self.name, self.reason = name, reason
        self.message = f"a run cannot be named {listed([name])!r}: {reason}"


class NoRunOpen(NbmlopsError, RuntimeError):
    """Something was asked of the current run while none is open."""

    def __init__(self, wanted: str) -> None:
        super().__init__(wanted)
        self.wanted = wanted
        self.message = f"no run is open to {wanted}. Open one with nbmlops.start_run()."


class RunClosed(NbmlopsError, RuntimeError):
    """A result was given to a run that has ended."""

    def __init__(self, run_id: str, status: str) -> None:
        super().__init__(run_id, status)
        self.run_id, self.status = run_id, status
        self.message = f"run {run_id} is {status}; open another with nbmlops.start_run()."


class InvalidName(NbmlopsError, ValueError):
    """Something of a run cannot be called this: it is blank, no text, or too long."""

    def __init__(self, name: object, reason: str, what: str) -> None:
        super().__init__(name, reason, what)
        self.name, self.reason, self.what = name, reason, what
        self.message = f"{what} {name!r}: {reason}"


class InvalidMetric(InvalidName):
    """A metric's name, value or step cannot be recorded."""

    def __init__(self, name: object, reason: str, what: str = "metric") -> None:
        super().__init__(name, reason, what)


class SecretUnknown(NbmlopsError, ValueError):
    """Nothing was redacted under the number that is to be allowed."""

    def __init__(self, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(wanted, tuple(possible))
        self.wanted, self.possible = wanted, tuple(possible)
        there_is = ", ".join(self.possible) or "nothing so far"
        self.message = (
            f"no secret {wanted} was redacted in this session; there is: {there_is}. A number "
            "belongs to the session that said it; elsewhere allow a kind, or a text with --text."
        )


class SecretKindUnknown(NbmlopsError, ValueError):
    """What is to be allowed is no kind of secrets."""

    def __init__(self, wanted: str, possible: Sequence[str]) -> None:
        super().__init__(wanted, tuple(possible))
        self.wanted, self.possible = wanted, tuple(possible)
        self.message = f"no kind of secrets is called {wanted!r}."
        self.message += did_you_mean(wanted, self.possible)
