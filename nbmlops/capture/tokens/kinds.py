"""How values of each type are written down: by the type's full name, so that nothing is imported.

A type without an entry has that of its nearest ancestor. The attributes of its objects come on top,
and the classes of the notebook that it is or derives from, since theirs can change too. Any object
without an entry is its attributes, unless its class is compiled and keeps something elsewhere.
"""

import sys
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, cached_property
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

from nbmlops.fingerprints.python.classes import (
    ancestors,
    full_name,
    hidden_bytes,
    module_of,
    namespace,
    qualified_name,
)
from nbmlops.fingerprints.python.homes import is_installed_module
from nbmlops.fingerprints.python.identity import module_attributes

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk

type Write = Callable[["Walk", Any], None]
"""Writes what a value is, and lets the walk follow what it holds.

It reads by the library's own means or by slots and ``__dict__``; it may raise: the value is then
opaque. What it makes on the way may be followed, if its address says nothing.
"""

# Which function writes values of a type: ``module:function``.
_WRITERS: dict[str, str] = {
    # Python's containers
    "builtins.list": "containers:sequence",
    "builtins.tuple": "containers:fixed_sequence",
    "builtins.dict": "containers:mapping",
    "collections.OrderedDict": "containers:ordered_mapping",
    "collections.defaultdict": "containers:mapping_with_default",
    "builtins.set": "containers:changing_set",
    "builtins.frozenset": "containers:fixed_set",
    "collections.deque": "containers:double_ended",
    "builtins.bytearray": "containers:byte_array",
    "array.array": "containers:numbers",
    "builtins.memoryview": "containers:memory_view",
    "mmap.mmap": "containers:mapped_file",
    "builtins.mappingproxy": "containers:view",
    "builtins.dict_keys": "containers:view",
    "builtins.dict_values": "containers:view",
    "builtins.dict_items": "containers:view",
    "_io.BytesIO": "containers:bytes_in_memory",
    "_io.StringIO": "containers:text_in_memory",
    "_ctypes._CData": "containers:memory_of_c",
    # what does not keep its object
    "weakref.ReferenceType": "containers:weak_reference",
    "weakref.ProxyType": "services:opaque",
    "weakref.CallableProxyType": "services:opaque",
    # what never changes
    "builtins.range": "constants:number_range",
    "builtins.slice": "constants:by_reduction",
    "datetime.date": "constants:by_reduction",
    "datetime.time": "constants:by_reduction",
    "datetime.datetime": "constants:by_reduction",
    "datetime.timedelta": "constants:by_reduction",
    "datetime.tzinfo": "constants:constant",
    "decimal.Decimal": "constants:decimal_number",
    "decimal.Context": "constants:by_reduction",
    "pathlib.PurePath": "constants:path",
    "pathlib._local.PurePath": "constants:path",
    "enum.Enum": "objects:member",
    "builtins.NotImplementedType": "constants:constant",
    "builtins.code": "constants:constant",
    "_ctypes.CField": "constants:constant",
    "_ctypes.CFuncPtr": "constants:constant",
    "re.Pattern": "constants:constant",
    "re.Match": "constants:constant",
    "types.GenericAlias": "constants:constant",
    "types.UnionType": "constants:constant",
    "typing._Final": "constants:constant",
    "typing.TypeVar": "constants:constant",
    "typing.ParamSpec": "constants:constant",
    "typing.TypeVarTuple": "constants:constant",
    "typing.TypeAliasType": "constants:constant",
    "numpy.dtype": "constants:by_text",
    "polars.datatypes.classes.DataType": "constants:by_text",
    "polars.lazyframe.frame.LazyFrame": "constants:constant",
    "polars.expr.expr.Expr": "constants:constant",
    "pyarrow.lib._Weakrefable": "constants:constant",
    "torch.device": "constants:constant",
    "torch.dtype": "constants:constant",
    "torch.layout": "constants:constant",
    "torch.memory_format": "constants:constant",
    # what is not data
    "logging.Logger": "services:logger",
    "logging.Handler": "constants:constant",
    "IPython.core.interactiveshell.InteractiveShell": "constants:constant",
    "_thread.lock": "services:lock",
    "_thread.RLock": "services:repeated_lock",
    "_csv.writer": "services:by_referents",
    "xml.etree.ElementTree.Element": "services:by_referents",
    # what does not show how far it is, but what it works with
    "_io._IOBase": "services:stream",
    "io.IOBase": "services:stream",
    "_csv.reader": "services:at_work",
    "_pickle.Pickler": "services:at_work",
    "_pickle.Unpickler": "services:at_work",
    "sqlite3.Cursor": "services:at_work",
    "pyarrow.lib.NativeFile": "services:at_work",
    "pyarrow.lib.RecordBatchReader": "services:at_work",
    "pyarrow.lib._CRecordBatchWriter": "services:at_work",
    "pyarrow._parquet.ParquetWriter": "services:at_work",
    "pyarrow._orc.ORCWriter": "services:at_work",
    # what can only be looked at by using it up, or is elsewhere
    "threading.Thread": "services:opaque",
    "threading.local": "services:opaque",
    "_thread._local": "services:opaque",
    "subprocess.Popen": "services:opaque",
    "multiprocessing.process.BaseProcess": "services:opaque",
    "concurrent.futures._base.Future": "services:opaque",
    "concurrent.futures._base.Executor": "services:opaque",
    "_contextvars.ContextVar": "services:opaque",
    "_contextvars.Context": "services:opaque",
    "socket.socket": "services:opaque",
    # iterators whose place shows
    "builtins.list_iterator": "iterators:by_reduction",
    "builtins.list_reverseiterator": "iterators:by_reduction",
    "builtins.tuple_iterator": "iterators:by_reduction",
    "builtins.range_iterator": "iterators:by_reduction",
    "builtins.longrange_iterator": "iterators:by_reduction",
    "builtins.str_iterator": "iterators:by_reduction",
    "builtins.str_ascii_iterator": "iterators:by_reduction",
    "builtins.bytes_iterator": "iterators:by_reduction",
    "builtins.bytearray_iterator": "iterators:by_reduction",
    "builtins.enumerate": "iterators:by_reduction",
    "builtins.zip": "iterators:by_reduction",
    "builtins.map": "iterators:by_reduction",
    "builtins.filter": "iterators:by_reduction",
    "builtins.reversed": "iterators:by_reduction",
    "builtins.dict_keyiterator": "iterators:by_length",
    "builtins.dict_valueiterator": "iterators:by_length",
    "builtins.dict_itemiterator": "iterators:by_length",
    "builtins.set_iterator": "iterators:by_length",
    "itertools.count": "iterators:by_text",
    "itertools.accumulate": "services:at_work",
    "itertools.batched": "services:at_work",
    "itertools.chain": "services:at_work",
    "itertools.compress": "services:at_work",
    "itertools.dropwhile": "services:at_work",
    "itertools.filterfalse": "services:at_work",
    "itertools.islice": "services:at_work",
    "itertools.pairwise": "services:at_work",
    "itertools.starmap": "services:at_work",
    "itertools.takewhile": "services:at_work",
    "itertools.zip_longest": "services:at_work",
    "builtins.generator": "iterators:suspended",
    "builtins.async_generator": "iterators:suspended",
    "builtins.coroutine": "iterators:suspended",
    # code
    "builtins.function": "code:function",
    "builtins.cell": "code:cell",
    "builtins.method": "code:method",
    "builtins.builtin_function_or_method": "code:compiled_function",
    "builtins.method-wrapper": "code:compiled_function",
    "builtins.method_descriptor": "constants:constant",
    "builtins.wrapper_descriptor": "constants:constant",
    "builtins.classmethod_descriptor": "constants:constant",
    "builtins.getset_descriptor": "constants:constant",
    "builtins.member_descriptor": "constants:constant",
    "builtins.staticmethod": "code:wrapper",
    "builtins.classmethod": "code:wrapper",
    "builtins.property": "code:property_",
    "functools.partial": "code:partial",
    "functools._lru_cache_wrapper": "code:remembering",
    "operator.itemgetter": "constants:by_reduction",
    "operator.attrgetter": "constants:by_reduction",
    "operator.methodcaller": "constants:by_reduction",
    "builtins.module": "code:module",
    "builtins.type": "code:class_",
    "numpy.ufunc": "constants:constant",
    "_abc._abc_data": "constants:nothing",  # see `code:class_`
    "builtins.BaseException": "objects:exception",
    # numpy, scipy
    "numpy.ndarray": "arrays:array",
    "numpy.ma.MaskedArray": "arrays:masked",
    "numpy.generic": "constants:number_of_numpy",
    "numpy.void": "arrays:record",
    "random.Random": "random_states:of_python",
    "random.SystemRandom": "constants:constant",
    "numpy.random._generator.Generator": "random_states:of_numpy",
    "numpy.random.mtrand.RandomState": "random_states:legacy_of_numpy",
    "numpy.random.bit_generator.BitGenerator": "random_states:bits_of_numpy",
    # tables
    "pandas.DataFrame": "pandas_tables:frame",
    "pandas.Series": "pandas_tables:frame",
    "pandas.core.frame.DataFrame": "pandas_tables:frame",
    "pandas.core.series.Series": "pandas_tables:frame",
    "pandas._libs.arrays.NDArrayBacked": "pandas_tables:backed_array",
    "pyarrow.lib.Array": "arrow_tables:array",
    "pyarrow.lib.ChunkedArray": "arrow_tables:chunked_array",
    "pyarrow.lib.RecordBatch": "arrow_tables:table",
    "pyarrow.lib.Table": "arrow_tables:table",
    "polars.dataframe.frame.DataFrame": "polars_tables:frame",
    "polars.series.series.Series": "polars_tables:series",
    # models
    "torch.Tensor": "tensors:tensor",
    "xgboost.core.Booster": "boosters:xgboost",
    "lightgbm.basic.Booster": "boosters:lightgbm",
    # figures
    "matplotlib.figure.FigureBase": "figures:artist",
    "matplotlib.artist.Artist": "figures:artist",
    "matplotlib.axis.Axis": "figures:axis",
}

# Attributes that do not count, of objects of a class and of those that derive from it: what the
# writer of the class has written, and what libraries keep for the next time.
_LEFT_OUT: dict[str, frozenset[str]] = {
    name: frozenset(names.split())
    for name, names in {
        "enum.Enum": "_value_ _name_ _sort_order_ _inverted_ __objclass__",
        "numpy.ma.MaskedArray": "_mask _fill_value _hardmask _sharedmask _isfield _baseclass "
        "_optinfo _basedict",
        "numpy.memmap": "_mmap filename offset mode",
        "pandas.core.generic.NDFrame": "_mgr _item_cache _cacher",
        "pandas.Index": "_cache _id _references _engine",
        "pandas.core.indexes.base.Index": "_cache _id _references _engine",
        "pandas.MultiIndex": "sortorder",
        "pandas.core.indexes.multi.MultiIndex": "sortorder",
        "pandas.core.dtypes.dtypes.PandasExtensionDtype": "_cache_dtypes",
        "scipy.sparse._base._spbase": "_has_canonical_format _has_sorted_indices",
        "scipy.sparse._data._data_matrix": "_has_canonical_format _has_sorted_indices",
        "sklearn.base.BaseEstimator": "_stop_words_id",
        "polars.dataframe.frame.DataFrame": "_df _accessors",
        "polars.series.series.Series": "_s _accessors",
        "xgboost.core.Booster": "handle",
        "lightgbm.basic.Booster": "_handle train_set valid_sets "
        "_Booster__inner_predict_buffer _Booster__is_predicted_cur_iter "
        "_Booster__need_reload_eval_info _Booster__num_inner_eval _Booster__name_inner_eval "
        "_Booster__higher_better_inner_eval",
    }.items()
}
_CACHES = frozenset(("_cache", "__warningregistry__"))

# What takes long, and several variables hold: it is walked through once, see `walking`.
_APART = frozenset(
    (
        "matplotlib.figure.FigureBase",
        "matplotlib.axes._base._AxesBase",
        "pandas.core.generic.NDFrame",
        "sklearn.base.BaseEstimator",
    )
)

# Modules whose writers say everything of an object, attributes included.
_COMPLETE = frozenset(("code", "constants", "services", "iterators", "figures", "arrow_tables"))

# What is ours changes all the time: two cells that log to one run have nothing else in common.
_OWN = "nbmlops."

# Packages whose own compiled objects say by `__reduce__` what their attributes do not show.
_COMPILED = frozenset(("numpy", "scipy", "sklearn", "pandas"))

_FLAGS = type.__dict__["__flags__"]
_DICT_OFFSET = type.__dict__["__dictoffset__"]
_HEAP_TYPE = 1 << 9


@dataclass(frozen=True, slots=True)
class Plan:
    """How objects of a class are written, and whether that is done apart from what holds them."""

    write: Write
    is_apart: bool = False


type _Shape = tuple[tuple[int, ...], ...]


@dataclass(frozen=True, slots=True)
class _Passing:
    """The plan of a class that may go or change: good as long as it has the same shape."""

    kind: "weakref.ref[type]"
    shape: _Shape
    plan: Plan


# By ids of types that live as long as the process, and of others.
_LASTING: dict[int, Plan] = {}
_PASSING: dict[int, _Passing] = {}


def plan_of(walk: "Walk", kind: type) -> Plan:
    """Return how values of a type are written."""
    known = _LASTING.get(id(kind)) or walk.plans.get(id(kind))
    if known is not None:
        return known
    if _is_lasting(kind):
        plan = _LASTING[id(kind)] = _plan(kind)
    else:
        plan = walk.plans[id(kind)] = _passing_plan(kind)
    return plan


def _passing_plan(kind: type) -> Plan:
    shape, known = _shape(kind), _PASSING.get(id(kind))
    if known is not None and known.shape == shape and known.kind() is kind:
        return known.plan
    plan = _plan(kind)
    if not getattr(plan.write, "holds_its_class", False):
        _PASSING[id(kind)] = _Passing(weakref.ref(kind, _forgetting(id(kind))), shape, plan)
    return plan


def _shape(kind: type) -> _Shape:
    """Return what is another where a class has other ancestors, or they have something else."""
    found = ancestors(kind)
    local = [namespace(one) for one in found if not is_installed_module(module_of(one))]
    return (tuple(map(id, found)), *(tuple(map(id, held.values())) for held in local))


def _forgetting(address: int) -> Callable[["weakref.ref[type]"], None]:
    def forget(gone: "weakref.ref[type]") -> None:
        known = _PASSING.get(address)
        if known is not None and known.kind is gone:
            del _PASSING[address]

    return forget


def _is_lasting(kind: type) -> bool:
    """Tell whether a class is compiled into Python, or an installed module keeps it by its name."""
    if module_of(kind) == "builtins" and not _FLAGS.__get__(kind) & _HEAP_TYPE:
        return True
    home = sys.modules.get(module_of(kind))
    if home is None or not issubclass(type(home), ModuleType) or not is_installed_class(kind):
        return False
    return module_attributes(home).get(qualified_name(kind)) is kind


def is_installed_class(kind: type) -> bool:
    """Tell whether a class and all that it inherits from belong to Python or a library."""
    return all(is_installed_module(module_of(ancestor)) for ancestor in ancestors(kind))


def _plan(kind: type) -> Plan:
    return Plan(_writer(kind), not _APART.isdisjoint(map(full_name, ancestors(kind))))


def _writer(kind: type) -> Any:
    if module_of(kind).startswith(_OWN):
        return _loaded("constants:constant")
    base, entry = _nearest(kind)
    write: Write | None = None if entry is None else _loaded(entry)
    if write is not None and _is_complete(kind, base, str(entry)):
        return write
    if hidden_bytes(kind, base) > 0:
        is_compiled = module_of(kind).partition(".")[0] in _COMPILED
        return _loaded("constants:compiled" if is_compiled else "services:opaque")
    local = tuple(
        place
        for place, one in enumerate(ancestors(kind))
        if not is_installed_module(module_of(one))
    )
    return _loaded("objects:ObjectWriter")(kind, base, write, _left_out(kind), local)


def _nearest(kind: type) -> tuple[type, str | None]:
    """Return the nearest ancestor of a type that has an entry, builtin ones last, and the entry."""
    found = sorted(ancestors(kind), key=lambda ancestor: module_of(ancestor) == "builtins")
    for ancestor in found:
        entry = _WRITERS.get(full_name(ancestor))
        if entry is not None:
            return ancestor, entry
    return object, None


def _is_complete(kind: type, base: type, entry: str) -> bool:
    """Tell whether a writer says everything of a type's objects, attributes included."""
    if issubclass(base, (type, ModuleType)):
        return True
    if entry.partition(":")[0] in _COMPLETE:
        return base is kind or is_installed_class(kind)
    return base is kind and not _DICT_OFFSET.__get__(kind) and "__slots__" not in namespace(kind)


def _left_out(kind: type) -> frozenset[str]:
    """Return the attributes that do not count: of libraries also what properties remember."""
    found = set(_CACHES) if any(map(is_installed_module, _library_modules(kind))) else set()
    for ancestor in ancestors(kind):
        found |= _LEFT_OUT.get(full_name(ancestor), frozenset())
        own = namespace(ancestor).items()
        if is_installed_module(module_of(ancestor)):
            found |= {name for name, one in own if type(one) is cached_property}
    return frozenset(found)


def _library_modules(kind: type) -> list[str]:
    modules = map(module_of, ancestors(kind))
    return [module for module in modules if module != "builtins"]


@cache
def _loaded(entry: str) -> Any:
    module, _, function = entry.partition(":")
    return getattr(import_module(f"nbmlops.capture.tokens.{module}"), function)
