"""What executions put in place of what a library has: attributes of its modules and classes.

Seen where the notebook's code itself does it: ``np.foo = f``, ``pd.DataFrame.foo = f``, and what is
different afterwards where it hands a module or class to ``setattr``, ``delattr`` or
``unittest.mock``, or gives pandas methods of its own. Whatever else was changed in place in a local
module counts, too: importing it again does not undo that. What was put back by the end of the
execution is nothing. Not seen is what modules do when they are imported and functions of modules
when they are called.
"""

import builtins
import dis
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from types import CodeType, FunctionType, ModuleType
from typing import Any

from nbmlops.capture.hidden.base import Ended, Seen, Setting
from nbmlops.capture.hidden.libraries import libraries_used, library_of, works_with
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.cells.hidden import patches_of
from nbmlops.fingerprints.python.homes import is_installed_module

_SETTERS = frozenset(("setattr", "delattr", "patch", "vars", "__dict__"))
_MOCK = "unittest.mock"
_LOADS = frozenset(("LOAD_ATTR", "LOAD_NAME", "LOAD_GLOBAL", "LOAD_METHOD"))
_DOTTED = re.compile(r"\w+(\.\w+)+")
# What gives methods to the classes of pandas.
_GIVES_METHODS = re.compile(r"pandas\..*\.register_\w+_accessor|tqdm\..*\.pandas")
_CLASSES_OF_PANDAS = ("DataFrame", "Series", "Index")
_BUILTINS, _NOTEBOOK = "builtins", "__main__"
# Whose attributes are settings that other parts watch.
_OF_IPYTHON = frozenset(("IPython", "ipykernel", "traitlets"))
_WATCHED_ELSEWHERE = frozenset(("sys", name) for name in ("path", "modules", "stdout", "stderr"))
_CONTENT_OF_MODULE = vars(ModuleType)["__dict__"].__get__
_CONTENT_OF_CLASS = type.__dict__["__dict__"].__get__
_MODULE_OF = type.__dict__["__module__"].__get__

type Content = Mapping[str, object]


class _Watch:
    """A module or class, and some attributes, or all, as they were before."""

    def __init__(self, owner: Any) -> None:
        self.owner = owner
        self.is_read = False  # an attribute that is set, by the same code
        self._is_whole = False
        self._before: dict[str, object] = {}

    def attribute(self, name: str) -> None:
        """Watch an attribute."""
        if not self._is_whole:
            self._before.setdefault(name, _content(self.owner).get(name, _MISSING))

    def whole(self) -> None:
        """Watch them all."""
        if not self._is_whole:
            self._is_whole = True
            self._before = {**_content(self.owner), **self._before}

    def had(self, name: str) -> bool:
        """Tell whether it had an attribute before."""
        return self._before.get(name, _MISSING) is not _MISSING

    def changed(self) -> Iterator[str]:
        """Give the attributes that are others now, but for submodules that were imported."""
        before, now = self._before, _content(self.owner)
        for name in before.keys() | now.keys() if self._is_whole else before:
            value = now.get(name, _MISSING)
            is_submodule = name not in before and issubclass(type(value), ModuleType)
            if before.get(name, _MISSING) is not value and not is_submodule:
                yield name


_MISSING = object()

type Watches = dict[int, _Watch]  # by the address of what is watched


class Patches:
    """Tells which executions changed libraries, and which used those since.

    What is put in place of a builtin may matter to everybody; one that nobody else knows matters to
    who reads it, and to local modules.

    Attributes
    ----------
    added_builtins : set of str
        Builtins that executions added, whose reading is to be mentioned.
    """

    def __init__(self) -> None:
        self._patches: dict[str, Setting] = {}  # by library
        self.added_builtins: set[str] = set()
        self._replaces_builtins = False

    def open(self) -> None:
        """Do nothing: all is mentioned."""

    def close(self) -> None:
        """Do nothing."""

    def started(self, seen: Seen) -> Watches:  # noqa: ARG002
        """Return what will be watched."""
        return {}

    def mentioned(self, mention: Mention, seen: Seen, before: Watches) -> None:
        """Look at what is about to be changed, or may be; take what comes from a library."""
        if mention.is_import or mention.library == _BUILTINS:
            self._use((works_with(mention.library),), seen)
        if issubclass(type(mention.value), (ModuleType, type)):
            if mention.assigned is not None:
                _watch(before, mention.value, mention.assigned)
                self._note_read(mention, before)
            elif not _SETTERS.isdisjoint(mention.code.co_names):
                _watch(before, mention.value)
        if mention.module == _MOCK:
            for owner, attribute in _named_in(mention.code):
                _watch(before, owner, attribute)
        elif _GIVES_METHODS.fullmatch(mention.what):
            for kind in _classes_of_pandas():
                _watch(before, kind)

    def ended(self, execution: Ended, seen: Seen, before: Watches) -> None:
        """Compare what was looked at with what it was."""
        if self._patches:
            used = libraries_used(execution, seen) - {_BUILTINS}  # of any number
            self._use(used, seen)
            if self._replaces_builtins or (self.added_builtins and any(map(_is_local, used))):
                self._use((_BUILTINS,), seen)
        changed: dict[str, set[object]] = {}
        wrapped = {_library(watch.owner) for watch in before.values() if watch.is_read}
        for address, watch in before.items():
            parts = changed.setdefault(_library(watch.owner), set())
            parts |= {(address, name) for name in watch.changed()}
            if watch.owner is builtins:
                self._note_builtins(watch)
        for name in execution.names.touched:
            value = execution.namespace.get(name)
            local = _local_library(value)
            if local is not None:
                changed.setdefault(local, set()).add(name)
            for owner, attribute in _of_patcher(value):
                changed.setdefault(_library(owner), set()).add((id(owner), attribute))
        for library, parts in changed.items():
            if parts:
                setting = self._patches.setdefault(library, Setting(patches_of(library)))
                if library in wrapped and setting.changed:  # what it was is in what it is
                    setting.changed |= parts
                    seen.change(setting.name)
                else:
                    setting.change(parts, seen)

    def _use(self, libraries: Iterable[str], seen: Seen) -> None:
        for library in libraries:
            if library in self._patches:
                self._patches[library].use(seen)

    def _note_builtins(self, watch: _Watch) -> None:
        for name in watch.changed():
            if watch.had(name) and name not in self.added_builtins:
                self._replaces_builtins = True
            else:
                self.added_builtins.add(name)

    def _note_read(self, mention: Mention, watches: Watches) -> None:
        watch = watches.get(object.__hash__(mention.value))
        if watch is not None and mention.assigned in _names_read(mention.code):
            watch.is_read = True


def _names_read(code: CodeType) -> set[str]:
    """Return the names and attributes that code reads."""
    return {each.argval for each in dis.get_instructions(code) if each.opname in _LOADS}


def _watch(watches: Watches, owner: Any, attribute: str | None = None) -> None:
    library = _library(owner)
    if library in _OF_IPYTHON or (library, attribute) in _WATCHED_ELSEWHERE:
        return
    if _home(owner) not in sys.modules or library == _NOTEBOOK:
        return  # what belongs to the notebook is compared as its variables' values are
    watch = watches.setdefault(object.__hash__(owner), _Watch(owner))
    if attribute is None:
        watch.whole()
    else:
        watch.attribute(attribute)


def _local_library(value: object) -> str | None:
    """Return where a module, class or function is from that is neither installed nor a notebook's.

    What was changed in it is there still for whoever imports it again.
    """
    if not issubclass(type(value), (ModuleType, type, FunctionType)):
        return None
    library = library_of(value)
    module = sys.modules.get(library)
    if library == _NOTEBOOK or not issubclass(type(module), ModuleType):
        return None
    has_file = type(_CONTENT_OF_MODULE(module).get("__file__")) is str
    return library if has_file and not is_installed_module(library) else None


def _is_local(library: str) -> bool:
    module = sys.modules.get(library)
    return module is not None and _local_library(module) is not None


def _of_patcher(value: Any) -> Iterator[tuple[Any, str]]:
    """Give owner and attribute that a patch of `unittest.mock` is for, which was begun or ended."""
    mock: Any = sys.modules.get(_MOCK)
    if mock is None or type(value) is not mock._patch:
        return
    owner = None
    with suppress(Exception):  # what it is for may be there no more
        owner = value.getter()
    if issubclass(type(owner), (ModuleType, type)):
        yield owner, value.attribute


def _named_in(code: CodeType) -> Iterator[tuple[Any, str]]:
    """Give what texts in code stand for: owner and attribute of ``"json.dumps"``."""
    for text in code.co_consts:
        if type(text) is str and _DOTTED.fullmatch(text):
            path, _, name = text.rpartition(".")
            owner = _found(path)
            if owner is not None:
                yield owner, name


def _found(path: str) -> Any:
    module = sys.modules.get(path)
    if issubclass(type(module), ModuleType):
        return module
    home, _, name = path.rpartition(".")
    module = sys.modules.get(home)
    if not issubclass(type(module), ModuleType):
        return None
    found = _CONTENT_OF_MODULE(module).get(name)
    return found if issubclass(type(found), type) else None


def _classes_of_pandas() -> Iterator[type]:
    pandas = sys.modules.get("pandas")
    if pandas is not None:
        content = _CONTENT_OF_MODULE(pandas)
        yield from (content[name] for name in _CLASSES_OF_PANDAS if name in content)


def _content(owner: Any) -> Content:
    is_module = issubclass(type(owner), ModuleType)
    found: Content = (_CONTENT_OF_MODULE if is_module else _CONTENT_OF_CLASS)(owner)
    return found


def _home(owner: Any) -> str:
    is_module = issubclass(type(owner), ModuleType)
    name = _content(owner).get("__name__") if is_module else _MODULE_OF(owner)
    return name if type(name) is str else ""


def _library(owner: Any) -> str:
    return works_with(library_of(owner))
