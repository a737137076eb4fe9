"""What time zones are called in logical types, as Arrow calls them: by name, or by offset."""

from datetime import timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

from nbmlops.canonical import class_name
from nbmlops.fingerprints.python.classes import ancestors, module_of
from nbmlops.fingerprints.python.identity import is_of_library

_DATABASE = "/zoneinfo/"


def zone_name(zone: tzinfo) -> str:
    """Return the name of a time zone: ``Europe/Berlin``, ``UTC``, ``+02:00``.

    Zones of Python's own types, pytz and dateutil have one; any other is called by its class.

    Examples
    --------
    >>> from datetime import timedelta, timezone
    >>> zone_name(timezone(-timedelta(hours=3, minutes=30)))
    '-03:30'
    """
    if type(zone) is timezone:
        return _offset(zone.utcoffset(None))
    if type(zone) is ZoneInfo:
        return zone.key or class_name(zone)
    library = _library(zone)
    named = getattr(zone, {"pytz": "zone", "dateutil": "_filename"}.get(library, ""), None)
    if type(named) is str:
        return named.rpartition(_DATABASE)[2]
    if library in ("pytz", "dateutil"):
        fixed = zone.utcoffset(None)
        return class_name(zone) if fixed is None else _offset(fixed)
    return class_name(zone)


def _library(zone: tzinfo) -> str:
    """Return which of the two libraries made a zone; pytz makes a class for each."""
    for library in ("pytz", "dateutil"):
        is_named_so = module_of(type(zone)).partition(".")[0] == library
        if is_named_so and any(is_of_library(one, library) for one in ancestors(type(zone))):
            return library
    return ""


def _offset(offset: timedelta) -> str:
    if not offset:
        return "UTC"
    sign = "-" if offset < timedelta(0) else "+"
    minutes, seconds = divmod(abs(offset), timedelta(minutes=1))
    ending = f":{seconds.seconds:02}" if seconds else ""
    return f"{sign}{minutes // 60:02}:{minutes % 60:02}{ending}"
