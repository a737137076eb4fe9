"""Which versions of values are the same: by their digest, else by what made them."""

from nbmlops.cells.bindings import say_the_same
from nbmlops.records import Digest, Execution

type Making = tuple[int, int]  # of a source, and of the versions that it read


class Versions:
    """Numbers for versions, from 1; versions of a name that are the same have the same number."""

    def __init__(self) -> None:
        self._count = 0
        self._by_digest: dict[tuple[str, Digest], int] = {}
        self._by_making: dict[tuple[str, Making], int] = {}
        self._digests: dict[int, Digest] = {}

    def number(self, name: str, digest: Digest | None, making: Making | None) -> int:
        """Return the number of a version; of the two ways to know it the digest counts more."""
        if digest is not None and (name, digest) in self._by_digest:
            return self._by_digest[name, digest]
        found = self._by_making.get((name, making)) if making is not None else None
        if found is None or (digest is not None and found in self._digests):
            self._count += 1
            found = self._count
            if making is not None:
                self._by_making[name, making] = found
        if digest is not None:
            self.learn(name, found, digest)
        return found

    def learn(self, name: str, number: int, digest: Digest) -> None:
        """Take the digest of a version that had none until now."""
        if number not in self._digests:
            self._digests[number] = digest
            self._by_digest.setdefault((name, digest), number)


def binds_again(name: str, before: Execution, after: Execution) -> bool:
    """Tell whether an execution only binds a name to what an earlier one had bound it to."""
    return (
        after.outcome == "ok"
        and name not in after.names.touched
        and name not in before.names.touched
        and say_the_same(name, before.source, after.source)
    )
