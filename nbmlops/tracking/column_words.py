"""What a profile tells of a column's numbers, in words for a table."""

from nbmlops.fingerprints.profiles.profile import Numbers
from nbmlops.profile_words import ends, is_time, shown

# Microseconds in the unit of a type's numbers, see `nbmlops.fingerprints.columns.tables`;
# otherwise one.
_MICROSECONDS = {"date": 86_400e6, "time": 1e-3}
_FAR = {"/ms": 1e3, "/s": 1e6}  # ends of the types of instants too far for microseconds


def minimum_mean_maximum_std(type: str, numbers: Numbers) -> list[str]:
    """Write what is known of a column's numbers; empty texts where it is not."""
    least, greatest = ends(numbers)
    values = (least, numbers.mean, greatest)
    texts = ["" if value is None else shown(value, type) for value in values]
    return [*texts, "" if numbers.std is None else spread(numbers.std, type)]


def spread(value: float, type: str) -> str:
    """Write a difference between values of a column: of instants and days it is a duration.

    Examples
    --------
    >>> spread(3600e6, "timestamp[tz=UTC]"), spread(1.5, "date"), spread(2.5, "int64")
    ('1:00:00', '1 day, 12:00:00', '2.5')
    """
    if not is_time(type):
        return shown(value, type)
    unit = next((unit for end, unit in _FAR.items() if type.endswith(end)), None)
    microseconds = value * (unit or _MICROSECONDS.get(type, 1.0))
    return shown(round(microseconds / 1e6) * 1_000_000, "duration")
