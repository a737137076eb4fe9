"""How the environment of an execution differs from the one that was recorded. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from nbmlops.canonical import Json
from nbmlops.records import Environment

type Aspect = Literal["Python", "package", "module", "variable", "platform", "locale"]


@dataclass(frozen=True, slots=True)
class Differing:
    """Something of the environment that is not as it was; what was not set is ``none``."""

    aspect: Aspect
    name: str
    before: str
    after: str

    @property
    def words(self) -> str:
        """The difference on one line: ``numpy 2.4.0 → 2.5.0``."""
        return f"{self.name} {self.before} → {self.after}"

    def to_json(self) -> Json:
        """Return it as plain JSON with stable keys."""
        return {
            "aspect": self.aspect,
            "name": self.name,
            "before": self.before,
            "after": self.after,
        }


def differences(before: Environment | None, after: Environment | None) -> tuple[Differing, ...]:
    """Return what is not as it was; of packages and modules those that both have imported.

    A session imports more than one of its slices does, so that what is missing tells nothing.
    """
    if before is None or after is None:
        return ()
    return tuple(_differences(before.content, after.content))


def _differences(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Differing]:
    pythons = [
        f"{each['python']['implementation']} {each['python']['version']}" for each in (old, new)
    ]
    if pythons[0] != pythons[1]:
        yield Differing("Python", "Python", *(each.removeprefix("CPython ") for each in pythons))
    for name, version in old["packages"].items():
        now = new["packages"].get(name, version)
        if now != version:
            yield Differing("package", name, version, now)
    for path, digest in old.get("modules", {}).items():
        now = new.get("modules", {}).get(path, digest)
        if now != digest:
            yield Differing("module", path, _short(digest), _short(now))
    for name in sorted({*old["variables"], *new["variables"]}):
        was, now = (each["variables"].get(name, "none") for each in (old, new))
        if was != now:
            yield Differing("variable", name, was, now)
    for name in ("system", "machine"):
        was, now = (each["platform"][name] for each in (old, new))
        if was != now:
            yield Differing("platform", name, was, now)
    for name in ("locale", "time_zone"):
        if old[name] != new[name]:
            yield Differing("locale", name.replace("_", " "), old[name], new[name])


def _short(digest: str) -> str:
    return digest.rpartition(":")[2][:8]
