"""Puts the data that executions used into the store. A `nbmlops.capture.values.ValueListener`."""

from collections.abc import Callable, Sequence

from nbmlops.fingerprint_records import file_value, profile_records, value_record
from nbmlops.fingerprints.base import Fingerprint
from nbmlops.records import FileUse, Record, Use
from nbmlops.redaction.names import said_by


class DataKeeper:
    """Turns what the watchers of values and files find into records.

    Parameters
    ----------
    put : callable
        Takes any number of records.
    fault : callable
        Is told of errors of ours: where, and which.
    """

    def __init__(
        self, put: Callable[..., None], fault: Callable[[str, BaseException], None]
    ) -> None:
        self._put, self.fault = put, fault

    def uses_found(self, uses: Sequence[Use]) -> None:
        """Keep which names held data."""
        self._put(*uses)

    def files_found(self, *uses: FileUse) -> None:
        """Keep which files were touched; one that was read is a data set like any other."""
        read = [file_value(use) for use in uses if use.role == "read" and use.path[-1] != "/"]
        self._put(*uses, *(value for value in read if value is not None))

    def fingerprint_found(self, found: Fingerprint) -> None:
        """Keep what the data was: records of its value and of its columns' profiles.

        Not of columns named like secrets: hashes of passwords can be guessed.
        """
        telling = [part.digest for part in found.columns if said_by(part.name) is not None]
        profiles = [each for each in profile_records(found) if each.digest not in telling]
        records: list[Record] = [value_record(found), *profiles]
        self._put(*records)
