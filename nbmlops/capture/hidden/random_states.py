"""The random states of Python, numpy and torch that all code shares.

What advances one depends on what it was. What seeds one first depends on nothing: that is seen by
looking at the state when code is about to seed it. Only functions whose names say so are known to
seed: `random.seed`, `set_seed`, `seed_everything`, `manual_seed`, `np.random.set_state`.

A generator of one's own (`np.random.default_rng(0)`) is a variable like any other.
"""

import ctypes
import random
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from nbmlops.capture.hidden.base import Ended, Seen
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.fingerprints.python.homes import is_installed_module

_SEEDS = re.compile(
    r"((set|fix|reset|manual|init)_)*((all|global|random|rng|np|numpy|torch)_)*seeds?"
    r"(_all|_everything|_every_thing)?|set_?state|set_rng_state"
)
_LOOKS = 8
_TWISTER_BYTES = 2500  # numpy's ``mt19937_state``: 624 words and a position
_GETS = frozenset(("getstate", "get_state", "get_rng_state"))


@dataclass(slots=True)
class _State:
    """What an execution did with a state; ``first`` is None while its module is not loaded."""

    first: object
    is_seeded: bool = False  # by a function of its own
    is_seeded_first: bool = False


class RandomStates:
    """Tells which executions seeded, advanced and asked for shared random states.

    What an installed module draws while it is imported does not count, as long as nobody has seeded
    the state: no number that the notebook uses is made the same by it.
    """

    def __init__(self) -> None:
        self._seeded: set[str] = set()

    def open(self) -> None:
        """Do nothing: states are looked at when executions begin and end."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> dict[str, _State]:  # noqa: ARG002
        """Return the states as they are."""
        return {name: _State(read()) for name, read in _READ.items()}

    def mentioned(self, mention: Mention, seen: Seen, before: Mapping[str, _State]) -> None:
        """Look whether something was drawn before what is about to seed."""
        own = _OWNERS.get(mention.module)
        if mention.is_import:
            if seen.awaits is None:
                names = [*self._unchanged(before)]
                seen.awaits = partial(self._imported, mention.what, seen, before, names)
        elif own is not None and mention.name in _GETS:
            seen.use(own)
        elif mention.module == "__main__" or not _SEEDS.fullmatch(mention.name):
            return
        elif own is None:
            seen.awaits = partial(_look_for_seeding, seen, before, _LOOKS)
        elif not before[own].is_seeded:
            before[own].is_seeded = True
            before[own].is_seeded_first |= not _is_advanced(before[own].first, _READ[own]())

    def ended(self, execution: Ended, seen: Seen, before: Mapping[str, _State]) -> None:  # noqa: ARG002
        """Compare the states with what they were."""
        if seen.awaits is not None:
            seen.awaits()
            seen.awaits = None
        for name, read in _READ.items():
            state = before[name]
            is_advanced = _is_advanced(state.first, read())
            if state.is_seeded_first and (state.is_seeded or is_advanced):
                seen.defined.add(name)
            elif state.is_seeded or is_advanced:
                seen.change(name)
            if state.is_seeded or state.is_seeded_first:
                self._seeded.add(name)

    def _unchanged(self, before: Mapping[str, _State]) -> Iterator[str]:
        """Give the states that nobody has seeded, as far as they are what they were."""
        for name, state in before.items():
            is_seeded = name in self._seeded or state.is_seeded or state.is_seeded_first
            if not is_seeded and not _is_advanced(state.first, _READ[name]()):
                yield name

    def _imported(
        self, module: str, seen: Seen, before: Mapping[str, _State], names: Sequence[str]
    ) -> None:
        """Take states as they are after an import for those that the execution began with."""
        seen.awaits = None
        for name in names if is_installed_module(module) else ():
            before[name].first = _READ[name]()


def _look_for_seeding(seen: Seen, before: Mapping[str, _State], looks_left: int) -> None:
    """See which states a function of somebody else's has seeded that was about to be called.

    That is asked again and again until one has changed: its arguments may be read before.
    """
    seen.awaits = partial(_look_for_seeding, seen, before, looks_left - 1) if looks_left else None
    for name, state in before.items():
        now = _READ[name]()
        if now != state.first:
            seen.awaits = None
            if isinstance(now, _Twister) and now.is_fresh and not state.is_seeded:
                state.is_seeded_first = True


def _is_advanced(before: object, now: object) -> bool:
    """Tell whether something was drawn between two states.

    Where the library was loaded meanwhile, its first state is not known: that of numpy is when its
    ``np.random`` is first asked for. The algorithm makes 624 numbers at a time, of which a new
    state has none left, or one.
    """
    if before is None:
        return isinstance(now, _Twister) and not now.is_unused
    return before != now


@dataclass(frozen=True, slots=True)
class _Twister:
    """A state of the Mersenne twister; ``rest`` is what a draw of normal numbers left over.

    A fresh one was seeded by a number. That of numpy begins without a seed, one place earlier.
    """

    kind: object
    key: object
    position: int
    rest: object

    @property
    def is_fresh(self) -> bool:
        return self.position == 624 and not self.rest

    @property
    def is_unused(self) -> bool:
        return self.position in (623, 624) and not self.rest


class _Kept:
    """The last state of a generator, read anew only when the memory that it lies in has changed.

    Reading takes tens of microseconds, and hardly any cell draws.
    """

    def __init__(self) -> None:
        self._memory: tuple[object, ...] = ()
        self._state: object = None

    def state(self, memory: tuple[object, ...], read: Callable[[], object]) -> object:
        """Return the state that lies in memory with this content."""
        if memory != self._memory:
            self._memory, self._state = memory, read()
        return self._state


def _own_memory(value: object) -> bytes:
    """Return what an object holds itself: what it refers to is in it as an address."""
    header = object.__basicsize__
    return ctypes.string_at(id(value) + header, type(value).__basicsize__ - header)


_kept_of_python, _kept_of_numpy = _Kept(), _Kept()


def _of_python() -> object:
    shared = random._inst
    if type(shared) is not random.Random:
        return _python_state(shared)
    memory = (_own_memory(shared), vars(shared).get("gauss_next"))
    return _kept_of_python.state(memory, partial(_python_state, shared))


def _python_state(shared: random.Random) -> object:
    kind, key, rest = shared.getstate()
    return _Twister(kind, key, key[-1], rest)


def _of_numpy() -> object:
    module = sys.modules.get("numpy.random.mtrand")
    shared = None if module is None else module.__dict__.get("_rand")
    if shared is None:  # not loaded, or half loaded
        return None
    bits = shared._bit_generator
    if type(bits) is not sys.modules["numpy.random._mt19937"].MT19937:
        return _numpy_state(shared)
    words = ctypes.string_at(bits.ctypes.state_address, _TWISTER_BYTES)
    return _kept_of_numpy.state((words, _own_memory(shared)), partial(_numpy_state, shared))


def _numpy_state(shared: Any) -> object:
    found: dict[str, Any] = shared.get_state(legacy=False)
    state, rest = found["state"], (found["has_gauss"], found["gauss"])
    if "pos" not in state:  # another algorithm that somebody has put in its place
        return found["bit_generator"], repr(state), rest
    key = state["key"].tobytes()
    return _Twister(found["bit_generator"], key, state["pos"], rest if rest[0] else None)


def _of_torch() -> object:
    module = sys.modules.get("torch")
    shared = None if module is None else module.__dict__.get("default_generator")
    return None if shared is None else shared.get_state().numpy().tobytes()


_READ: dict[str, Callable[[], object]] = {
    "<random>": _of_python,
    "<numpy.random>": _of_numpy,
    "<torch.random>": _of_torch,
}
_OWNERS = {
    "random": "<random>",
    "numpy.random": "<numpy.random>",
    "torch": "<torch.random>",
    "torch.random": "<torch.random>",
}
