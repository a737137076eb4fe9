"""Of data sets and their profiles."""

from collections.abc import Sequence

from nbmlops.errors.base import NbmlopsError, did_you_mean, listed


class DataNotFound(NbmlopsError, KeyError):
    """No data set has this name, path or digest."""

    def __init__(self, reference: str, possible: Sequence[str] = ()) -> None:
        super().__init__(reference, tuple(possible))
        self.reference, self.possible = reference, tuple(possible)
        hint = did_you_mean(reference, self.possible) or " See: nbmlops data"
        self.message = f"there is no data {reference!r}.{hint}"


class DataAmbiguous(NbmlopsError, KeyError):
    """Several data sets have digests that begin so."""

    def __init__(self, prefix: str, found: Sequence[str]) -> None:
        super().__init__(prefix, tuple(found))
        self.prefix, self.found = prefix, tuple(found)
        self.message = f"{prefix!r} is the beginning of several digests: {listed(found)}."


class ProfilesDiffer(NbmlopsError, ValueError):
    """Profiles of columns of different types cannot be one profile."""

    def __init__(self, one: str, other: str) -> None:
        super().__init__(one, other)
        self.one, self.other = one, other
        self.message = (
            f"a profile of {one} and one of {other} cannot be merged. "
            "Bring the columns to one type first."
        )
