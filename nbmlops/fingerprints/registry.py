"""Which adapter describes which type: by the type's name, so that no library is imported.

An entry names a function as ``module:function``; the module is imported when the first value of
that type comes. A type without an entry has that of its nearest ancestor, and any other object is
described by its class and attributes.
"""

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Any

from nbmlops.fingerprints.base import Adapter, Child, Described, Mode, Steps
from nbmlops.fingerprints.classes import ancestors, full_name, module_of
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.tables import Table

# Full names of types; where a library has moved one, the old name and the new.

# Functions ``value -> Table``: the value is described by its columns.
_TABLES: dict[str, str] = {
    "pandas.DataFrame": "pandas_tables:frame",
    "pandas.Index": "pandas_tables:index",
    "pandas.Series": "pandas_tables:series",
    "pandas.api.extensions.ExtensionArray": "pandas_tables:extension_array",
    "pandas.core.arrays.base.ExtensionArray": "pandas_tables:extension_array",
    "pandas.core.frame.DataFrame": "pandas_tables:frame",
    "pandas.core.indexes.base.Index": "pandas_tables:index",
    "pandas.core.series.Series": "pandas_tables:series",
    "pyarrow.lib.Array": "arrow_tables:column",
    "pyarrow.lib.ChunkedArray": "arrow_tables:column",
    "pyarrow.lib.RecordBatch": "arrow_tables:frame",
    "pyarrow.lib.Table": "arrow_tables:frame",
    "polars.dataframe.frame.DataFrame": "polars_tables:frame",
    "polars.series.series.Series": "polars_tables:column",
}

# Functions that are adapters themselves.
_ADAPTERS: dict[str, str] = {
    "numpy.ndarray": "arrays:array",
    "scipy.sparse._base._spbase": "sparse:sparse",
    "scipy.stats._distn_infrastructure.rv_generic": "random_variables:random_variable",
    "scipy.stats._multivariate.multi_rv_generic": "random_variables:random_variable",
    "sklearn.base.BaseEstimator": "models:model",
    "torch.Tensor": "tensors:tensor",
    "torch.device": "tensors:device",
    "torch.dtype": "tensors:by_text",
    "torch.layout": "tensors:by_text",
    "torch.memory_format": "tensors:by_text",
    "torch.nn.modules.module.Module": "tensors:module",
    "torch.optim.optimizer.Optimizer": "tensors:optimizer",
    "xgboost.core.Booster": "boosters:xgboost",
    "lightgbm.basic.Booster": "boosters:lightgbm",
    "sklearn.utils._bunch.Bunch": "models:bunch",
    "nbmlops.fingerprints.tables.Table": "table_digests:described_table",
    "builtins.NoneType": "scalars:none",
    "builtins.ellipsis": "scalars:constant",
    "builtins.NotImplementedType": "scalars:constant",
    "builtins.bool": "scalars:boolean",
    "builtins.int": "scalars:integer",
    "builtins.float": "scalars:floating",
    "builtins.complex": "scalars:complex_number",
    "builtins.str": "scalars:string",
    "builtins.bytes": "scalars:binary",
    "builtins.bytearray": "scalars:byte_array",
    "builtins.memoryview": "scalars:memory_view",
    "datetime.date": "scalars:date",
    "datetime.datetime": "scalars:date_and_time",
    "datetime.time": "scalars:time",
    "datetime.timedelta": "scalars:duration",
    "datetime.timezone": "scalars:fixed_zone",
    "zoneinfo.ZoneInfo": "scalars:named_zone",
    "decimal.Decimal": "scalars:decimal_number",
    "uuid.UUID": "scalars:unique_id",
    "enum.Enum": "scalars:member",
    "builtins.range": "scalars:number_range",
    "builtins.slice": "scalars:section",
    "re.Pattern": "scalars:pattern",
    "pathlib.PurePath": "scalars:path",
    "pathlib._local.PurePath": "scalars:path",
    "builtins.list": "containers:sequence",
    "builtins.tuple": "containers:fixed_sequence",
    "collections.deque": "containers:double_ended",
    "builtins.set": "containers:changing_set",
    "builtins.frozenset": "containers:fixed_set",
    "builtins.dict": "containers:mapping",
    "collections.OrderedDict": "containers:ordered_mapping",
    "collections.defaultdict": "containers:mapping_with_default",
    "builtins.mappingproxy": "containers:mapping_view",
    "builtins.dict_keys": "containers:keys_view",
    "builtins.dict_items": "containers:items_view",
    "builtins.dict_values": "containers:values_view",
    "array.array": "containers:numbers",
    "builtins.BaseException": "objects:exception",
    "numpy.generic": "numpy_scalars:scalar",
    "numpy.dtype": "numpy_scalars:dtype",
    "random.Random": "random_states:of_python",
    "numpy.random._generator.Generator": "random_states:of_numpy",
    "numpy.random.mtrand.RandomState": "random_states:legacy_of_numpy",
    "numpy.random.bit_generator.BitGenerator": "random_states:bits_of_numpy",
    "numpy.random.bit_generator.SeedSequence": "random_states:bits_of_numpy",
    "pandas._libs.tslibs.timestamps._Timestamp": "pandas_scalars:timestamp",
    "pandas._libs.tslibs.timedeltas._Timedelta": "pandas_scalars:duration",
    "pandas._libs.tslibs.period._Period": "pandas_scalars:period",
    "pandas._libs.interval.Interval": "pandas_scalars:interval",
    "pandas.Interval": "pandas_scalars:interval",
    "pandas._libs.tslibs.nattype._NaT": "pandas_scalars:missing",
    "pandas._libs.missing.C_NAType": "pandas_scalars:missing",
    "pandas._libs.tslibs.offsets.BaseOffset": "pandas_scalars:offset",
    "builtins.function": "code:function",
    "builtins.type": "class_code:class_",
    "builtins.method": "callables:method",
    "builtins.builtin_function_or_method": "callables:builtin",
    "builtins.method_descriptor": "callables:slot",
    "builtins.wrapper_descriptor": "callables:slot",
    "builtins.classmethod_descriptor": "callables:slot",
    "builtins.getset_descriptor": "callables:slot",
    "builtins.member_descriptor": "callables:slot",
    "builtins.method-wrapper": "callables:bound_slot",
    "builtins.staticmethod": "callables:static_method",
    "builtins.classmethod": "callables:class_method",
    "builtins.property": "callables:property_",
    "functools.partial": "callables:partial",
    "functools.cached_property": "callables:cached_property",
    "functools._lru_cache_wrapper": "callables:cached",
    "builtins.module": "code:module",
    "types.GenericAlias": "class_code:generic_alias",
    "types.UnionType": "class_code:union",
    "typing._BaseGenericAlias": "class_code:alias_of_typing",
    "typing._SpecialForm": "class_code:form_of_typing",
    "typing.ForwardRef": "class_code:forward_reference",
    "typing.TypeVar": "class_code:type_variable",
    "typing.ParamSpec": "class_code:type_variable",
    "typing.TypeVarTuple": "class_code:type_variable",
    "operator.itemgetter": "callables:by_reduction",
    "operator.attrgetter": "callables:by_reduction",
    "operator.methodcaller": "callables:by_reduction",
    "logging.Logger": "class_code:service",
    "threading.Barrier": "opaque:unreadable",
    "threading.Condition": "opaque:unreadable",
    "threading.Event": "opaque:unreadable",
    "threading.Semaphore": "opaque:unreadable",
    "threading.Thread": "opaque:unreadable",
    "multiprocessing.process.BaseProcess": "opaque:unreadable",
    "subprocess.Popen": "opaque:unreadable",
    "concurrent.futures._base.Future": "opaque:unreadable",
    "IPython.core.interactiveshell.InteractiveShell": "class_code:service",
    "polars.lazyframe.frame.LazyFrame": "polars_tables:plan",
}

# Functions ``value -> Table | None`` for types that have adapters: profiles look at the columns.
_PROFILED: dict[str, str] = {
    "numpy.ndarray": "array_tables:table",
}

# Packages whose own objects say by `__reduce__` what their attributes do not show.
_COMPILED = frozenset(("numpy", "scipy", "sklearn"))

# Types that hold data and are no tables.
_DATA = frozenset(
    "numpy.ndarray scipy.sparse._base._spbase torch.Tensor polars.lazyframe.frame.LazyFrame".split()
)

# By the id of a type, which stays as long as the type does: a metaclass may define `__hash__`.
_OWN: dict[int, tuple[type, Adapter]] = {}


def register_fingerprint(
    *types: type,
) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
    """Say what values of your own types come to, instead of the reading of their attributes.

    The decorated function takes a value and returns one that stands for it: of a type that has a
    fingerprint, often a tuple or a dict. The name of the class is counted in. Subclasses follow,
    unless they have a nearer registration.

    Examples
    --------
    >>> import nbmlops
    >>> class Grid:
    ...     def __init__(self, cells):
    ...         self.cells, self.cache = cells, {}
    >>> @nbmlops.register_fingerprint(Grid)
    ... def _(grid):
    ...     return grid.cells
    >>> one, other = Grid([1, 2]), Grid([1, 2])
    >>> other.cache["sum"] = 3
    >>> nbmlops.fingerprint(one).digest == nbmlops.fingerprint(other).digest
    True
    """

    def decorate(stand_in: Callable[[Any], object]) -> Callable[[Any], object]:
        def adapter(value: Any, _mode: Mode) -> Steps:
            stands = stand_in(value)
            if adapter_of(type(stands)) is adapter:
                raise TypeError("what was registered gives a value of the class itself")
            digest = yield Child(stands, "")
            return Described("object", joined("registered", text(full_name(type(value))), digest))

        for kind in types:
            _OWN[id(kind)] = kind, adapter
        return stand_in

    return decorate


def adapter_of(kind: type) -> Adapter:
    """Return the adapter of a type: its own, or that of the nearest ancestor that has one.

    It may remember how the type is made: ask anew for every walk.
    """
    for ancestor in _inherited(kind):
        if id(ancestor) in _OWN:
            return _OWN[id(ancestor)][1]
        name = full_name(ancestor)
        if name in _TABLES:
            made: Adapter = _loaded("table_digests:adapter")(_loaded(_TABLES[name]))
            return made
        if name in _ADAPTERS:
            found: Adapter = _loaded(_ADAPTERS[name])
            return found
    if module_of(kind).partition(".")[0] in _COMPILED:
        compiled: Adapter = _loaded("compiled_objects:compiled")
        return compiled
    by_attributes: Adapter = _loaded("objects:instance_adapter")(kind)
    return by_attributes


def table_maker_of(kind: type) -> Callable[[Any], Table | None] | None:
    """Return what brings values of a type into the form of columns; None where nothing does.

    It may return None itself: not every array is a table.
    """
    for ancestor in _inherited(kind):
        name = full_name(ancestor)
        if id(ancestor) in _OWN:
            return None
        entry = _TABLES.get(name) or _PROFILED.get(name)
        if entry is not None:
            maker: Callable[[Any], Table | None] = _loaded(entry)
            return maker
        if name in _ADAPTERS:
            return None
    return None


def is_data(kind: type) -> bool:
    """Tell whether values of a type are data: tables, columns, arrays, tensors."""
    return any(
        (name := full_name(ancestor)) in _TABLES or name in _DATA for ancestor in ancestors(kind)
    )


def _inherited(kind: type) -> list[type]:
    """Return a type and its ancestors, nearest first, and the builtin ones last.

    These say least: a member of an enumeration of texts is no text, nor is a text of numpy's.
    """
    return sorted(ancestors(kind), key=lambda ancestor: module_of(ancestor) == "builtins")


@cache
def _loaded(entry: str) -> Any:
    module, _, function = entry.partition(":")
    return getattr(import_module(f"nbmlops.fingerprints.{module}"), function)
