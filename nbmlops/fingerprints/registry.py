"""Which adapter describes which type: by the type's name, so that no library is imported.

An entry names a function as ``module:function``; the module is imported when the first value of
that type comes. A type without an entry has that of its nearest ancestor, and any other object is
described by its class and attributes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any

from nbmlops.canonical import class_name
from nbmlops.fingerprints.base import Adapter, Child, Described, Mode, Steps
from nbmlops.fingerprints.columns.tables import Table
from nbmlops.fingerprints.hashing import joined, text
from nbmlops.fingerprints.python.classes import ancestors, full_name, module_of
from nbmlops.fingerprints.python.identity import is_genuine, is_of_library
from nbmlops.fingerprints.python.unreadable import WRITTEN_IN_PYTHON

# Full names of types; where a library has moved one, the old name and the new.

# Functions ``value -> Table``: the value is described by its columns.
_TABLES: dict[str, str] = {
    "pandas.DataFrame": "pandas.tables:frame",
    "pandas.Index": "pandas.tables:index",
    "pandas.Series": "pandas.tables:series",
    "pandas.api.extensions.ExtensionArray": "pandas.tables:extension_array",
    "pandas.core.arrays.base.ExtensionArray": "pandas.tables:extension_array",
    "pandas.core.frame.DataFrame": "pandas.tables:frame",
    "pandas.core.indexes.base.Index": "pandas.tables:index",
    "pandas.core.series.Series": "pandas.tables:series",
    "pyarrow.lib.Array": "arrow.tables:column",
    "pyarrow.lib.ChunkedArray": "arrow.tables:column",
    "pyarrow.lib.RecordBatch": "arrow.tables:frame",
    "pyarrow.lib.Table": "arrow.tables:frame",
    "polars.dataframe.frame.DataFrame": "polars.tables:frame",
    "polars.series.series.Series": "polars.tables:column",
}

# Functions that are adapters themselves.
_ADAPTERS: dict[str, str] = {
    "numpy.ndarray": "numpy.arrays:array",
    "scipy.sparse._base._spbase": "scipy.sparse:sparse",
    "scipy.stats._distn_infrastructure.rv_generic": "scipy.random_variables:random_variable",
    "scipy.stats._multivariate.multi_rv_generic": "scipy.random_variables:random_variable",
    "sklearn.base.BaseEstimator": "models.estimators:model",
    "torch.Tensor": "models.tensors:tensor",
    "torch.device": "models.tensors:device",
    "torch.dtype": "models.tensors:by_text",
    "torch.layout": "models.tensors:by_text",
    "torch.memory_format": "models.tensors:by_text",
    "torch.nn.modules.module.Module": "models.tensors:module",
    "torch.optim.optimizer.Optimizer": "models.tensors:optimizer",
    "xgboost.core.Booster": "models.boosters:xgboost",
    "lightgbm.basic.Booster": "models.boosters:lightgbm",
    "sklearn.utils._bunch.Bunch": "models.estimators:bunch",
    "nbmlops.fingerprints.columns.tables.Table": "columns.table_digests:described_table",
    "builtins.NoneType": "python.scalars:none",
    "builtins.ellipsis": "python.scalars:constant",
    "builtins.NotImplementedType": "python.scalars:constant",
    "builtins.bool": "python.scalars:boolean",
    "builtins.int": "python.scalars:integer",
    "builtins.float": "python.scalars:floating",
    "builtins.complex": "python.scalars:complex_number",
    "builtins.str": "python.scalars:string",
    "builtins.bytes": "python.scalars:binary",
    "builtins.bytearray": "python.scalars:byte_array",
    "builtins.memoryview": "python.scalars:memory_view",
    "datetime.date": "python.scalars:date",
    "datetime.datetime": "python.scalars:date_and_time",
    "datetime.time": "python.scalars:time",
    "datetime.timedelta": "python.scalars:duration",
    "datetime.timezone": "python.scalars:fixed_zone",
    "zoneinfo.ZoneInfo": "python.scalars:named_zone",
    "decimal.Decimal": "python.scalars:decimal_number",
    "uuid.UUID": "python.scalars:unique_id",
    "enum.Enum": "python.scalars:member",
    "builtins.range": "python.scalars:number_range",
    "builtins.slice": "python.scalars:section",
    "re.Pattern": "python.scalars:pattern",
    "pathlib.PurePath": "python.scalars:path",
    "pathlib._local.PurePath": "python.scalars:path",
    "builtins.list": "python.containers:sequence",
    "builtins.tuple": "python.containers:fixed_sequence",
    "collections.deque": "python.containers:double_ended",
    "builtins.set": "python.containers:changing_set",
    "builtins.frozenset": "python.containers:fixed_set",
    "builtins.dict": "python.containers:mapping",
    "collections.OrderedDict": "python.containers:ordered_mapping",
    "collections.defaultdict": "python.containers:mapping_with_default",
    "builtins.mappingproxy": "python.containers:mapping_view",
    "builtins.dict_keys": "python.containers:keys_view",
    "builtins.dict_items": "python.containers:items_view",
    "builtins.dict_values": "python.containers:values_view",
    "array.array": "python.containers:numbers",
    "builtins.BaseException": "python.objects:exception",
    "numpy.generic": "numpy.scalars:scalar",
    "numpy.dtype": "numpy.scalars:dtype",
    "random.Random": "python.random_states:of_python",
    "numpy.random._generator.Generator": "python.random_states:of_numpy",
    "numpy.random.mtrand.RandomState": "python.random_states:legacy_of_numpy",
    "numpy.random.bit_generator.BitGenerator": "python.random_states:bits_of_numpy",
    "numpy.random.bit_generator.SeedSequence": "python.random_states:bits_of_numpy",
    "pandas._libs.tslibs.timestamps._Timestamp": "pandas.scalars:timestamp",
    "pandas._libs.tslibs.timedeltas._Timedelta": "pandas.scalars:duration",
    "pandas._libs.tslibs.period._Period": "pandas.scalars:period",
    "pandas._libs.interval.Interval": "pandas.scalars:interval",
    "pandas.Interval": "pandas.scalars:interval",
    "pandas._libs.tslibs.nattype._NaT": "pandas.scalars:missing",
    "pandas._libs.missing.C_NAType": "pandas.scalars:missing",
    "pandas._libs.tslibs.offsets.BaseOffset": "pandas.scalars:offset",
    "builtins.function": "python.code:function",
    "builtins.type": "python.class_code:class_",
    "builtins.method": "python.callables:method",
    "builtins.builtin_function_or_method": "python.callables:builtin",
    "builtins.method_descriptor": "python.callables:slot",
    "builtins.wrapper_descriptor": "python.callables:slot",
    "builtins.classmethod_descriptor": "python.callables:slot",
    "builtins.getset_descriptor": "python.callables:slot",
    "builtins.member_descriptor": "python.callables:slot",
    "builtins.method-wrapper": "python.callables:bound_slot",
    "builtins.staticmethod": "python.callables:static_method",
    "builtins.classmethod": "python.callables:class_method",
    "builtins.property": "python.callables:property_",
    "functools.partial": "python.callables:partial",
    "functools.cached_property": "python.callables:cached_property",
    "functools._lru_cache_wrapper": "python.callables:cached",
    "builtins.module": "python.code:module",
    "types.GenericAlias": "python.class_code:generic_alias",
    "types.UnionType": "python.class_code:union",
    "typing._BaseGenericAlias": "python.class_code:alias_of_typing",
    "typing._SpecialForm": "python.class_code:form_of_typing",
    "typing.ForwardRef": "python.class_code:forward_reference",
    "typing.TypeVar": "python.class_code:type_variable",
    "typing.ParamSpec": "python.class_code:type_variable",
    "typing.TypeVarTuple": "python.class_code:type_variable",
    "operator.itemgetter": "python.callables:by_reduction",
    "operator.attrgetter": "python.callables:by_reduction",
    "operator.methodcaller": "python.callables:by_reduction",
    "logging.Logger": "python.class_code:service",
    "IPython.core.interactiveshell.InteractiveShell": "python.class_code:service",
    "polars.lazyframe.frame.LazyFrame": "polars.tables:plan",
    **dict.fromkeys(WRITTEN_IN_PYTHON, "python.opaque:unreadable"),
}

# Functions ``value -> Table | None`` for types that have adapters: profiles look at the columns.
_PROFILED: dict[str, str] = {
    "numpy.ndarray": "numpy.tables:table",
}

# Packages whose own objects say by `__reduce__` what their attributes do not show.
_COMPILED = ("numpy", "scipy", "sklearn")

# Types that hold data and are no tables.
_DATA = frozenset(
    "numpy.ndarray scipy.sparse._base._spbase torch.Tensor polars.lazyframe.frame.LazyFrame".split()
)

# Types by their ids, which ask no metaclass: those whose values hold no others, and all whose entry
# is their own and whose values are no data, found without their ancestors.
SCALARS = frozenset(map(id, (type(None), bool, int, float, complex, str, bytes)))
_PLAIN = SCALARS | frozenset(map(id, (list, tuple, set, dict)))

# By the id of a type, which stays as long as the type does: a metaclass may define `__hash__`.
_OWN: dict[int, tuple[type, Adapter]] = {}


def register_fingerprint(
    *types: type,
) -> Callable[[Callable[[Any], object]], Callable[[Any], object]]:
    """Say what values of your own types come to, instead of the reading of their attributes.

    The decorated function takes a value and returns one that stands for it: of a type that has a
    fingerprint, often a tuple or a dict. The name of the class is counted in. Subclasses follow,
    unless they have a nearer registration.

    Raises
    ------
    TypeError
        One of ``types`` is no class.

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
    for kind in types:
        if not issubclass(type(kind), type):
            raise TypeError(f"register_fingerprint takes classes, not a {class_name(kind)}")

    def decorate(stand_in: Callable[[Any], object]) -> Callable[[Any], object]:
        adapter = StandIn(stand_in)
        for kind in types:
            _OWN[id(kind)] = kind, adapter
        return stand_in

    return decorate


@dataclass(frozen=True, slots=True, eq=False)
class StandIn:
    """The adapter of a registered type: a value is what a function of the user's gives for it."""

    function: Callable[[Any], object]

    def __call__(self, value: Any, _mode: Mode) -> Steps:
        """Describe a value by what stands for it and the name of its class."""
        stands = self.function(value)
        if adapter_of(type(stands)) is self:
            raise TypeError("what was registered gives a value of the class itself")
        digest = yield Child(stands, "")
        return Described("object", joined("registered", text(full_name(type(value))), digest))


def adapter_of(kind: type) -> Adapter:
    """Return the adapter of a type: its own, or that of the nearest ancestor that has one.

    It may remember how the type is made: ask anew for every walk.
    """
    if id(kind) in _PLAIN and id(kind) not in _OWN:
        plain: Adapter = _loaded(_ADAPTERS[full_name(kind)])
        return plain
    for ancestor in _inherited(kind):
        if id(ancestor) in _OWN:
            return _OWN[id(ancestor)][1]
        name = _entry_name(ancestor)
        if name in _TABLES:
            made: Adapter = _loaded("columns.table_digests:adapter")(_loaded(_TABLES[name]))
            return made
        if name in _ADAPTERS:
            found: Adapter = _loaded(_ADAPTERS[name])
            return found
    if is_of_library(kind, *_COMPILED):
        compiled: Adapter = _loaded("python.compiled_objects:compiled")
        return compiled
    by_attributes: Adapter = _loaded("python.objects:instance_adapter")(kind)
    return by_attributes


def table_maker_of(kind: type) -> Callable[[Any], Table | None] | None:
    """Return what brings values of a type into the form of columns; None where nothing does.

    It may return None itself: not every array is a table.
    """
    if id(kind) in _PLAIN:
        return None
    for ancestor in _inherited(kind):
        name = _entry_name(ancestor)
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
    return id(kind) not in _PLAIN and any(
        (name := _entry_name(ancestor)) in _TABLES or name in _DATA for ancestor in ancestors(kind)
    )


def _entry_name(kind: type) -> str:
    """Return the name under which a type is entered here; empty where it is not that of the entry.

    A type can give itself any name: what is done with a data frame is done with pandas' alone.
    """
    name = full_name(kind)
    is_entered = name in _TABLES or name in _ADAPTERS
    return name if is_entered and is_genuine(kind) else ""


def _inherited(kind: type) -> list[type]:
    """Return a type and its ancestors, nearest first, and the builtin ones last.

    These say least: a member of an enumeration of texts is no text, nor is a text of numpy's.
    """
    return sorted(ancestors(kind), key=lambda ancestor: module_of(ancestor) == "builtins")


@cache
def _loaded(entry: str) -> Any:
    module, _, function = entry.partition(":")
    return getattr(import_module(f"nbmlops.fingerprints.{module}"), function)
