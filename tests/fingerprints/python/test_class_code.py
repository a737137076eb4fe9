import textwrap
import types
import typing

import pytest

from tests.fingerprints.alike import assert_all_differ, digest_of

CLASSES = [
    "class A: pass",
    "class B: pass\nA = B",
    "class A:\n    x = 1",
    "class A:\n    x = 2",
    "class A:\n    y = 1",
    "class A:\n    x: int",
    "class A:\n    x: str",
    "class A:\n    x: int = 1",
    "class A:\n    x: int\n    y: int",
    "class A:\n    y: int\n    x: int",
    "class A(list): pass",
    "class A(dict): pass",
    "class B: pass\nclass A(B): pass",
    "class B:\n    x = 1\nclass A(B): pass",
    "class A:\n    def m(self): return 1",
    "class A:\n    def m(self): return 2",
    "class A:\n    def n(self): return 1",
    "class A:\n    @property\n    def m(self): return 1",
    "class A:\n    @staticmethod\n    def m(self): return 1",
    "class A:\n    @classmethod\n    def m(self): return 1",
    "class A:\n    @property\n    def m(self): return 1\n    @m.setter\n    def m(self, x): pass",
    "class A:\n    __slots__ = ('x',)",
    "class A:\n    __slots__ = ('x', 'y')",
    "class A:\n    class B:\n        x = 1",
    "class A:\n    class B:\n        x = 2",
    "class M(type): pass\nclass A(metaclass=M): pass",
    "class M(type):\n    x = 1\nclass A(metaclass=M): pass",
    "class A:\n    m = lambda self: 1",
    "class A:\n    m = lambda self: 2",
    "a = 1\nclass A:\n    def m(self): return a",
    "a = 2\nclass A:\n    def m(self): return a",
    "class A:\n    def m(self): return super().m()",
    "class A:\n    def m(self): return A",
    "class A:\n    def m(self): return self.__x",
    "def make(n):\n    class A:\n        def m(self): return n\n    return A\nA = make(1)",
    "def make(n):\n    class A:\n        def m(self): return n\n    return A\nA = make(2)",
    "import dataclasses as d\n@d.dataclass\nclass A:\n    x: int",
    "import dataclasses as d\n@d.dataclass(frozen=True)\nclass A:\n    x: int",
    "import dataclasses as d\n@d.dataclass(order=True)\nclass A:\n    x: int",
    "import dataclasses as d\n@d.dataclass(slots=True)\nclass A:\n    x: int",
    "import dataclasses as d\n@d.dataclass\nclass A:\n    x: int = 1",
    "import dataclasses as d\n@d.dataclass\nclass A:\n    x: list = d.field(default_factory=list)",
    "import dataclasses as d\n@d.dataclass\nclass A:\n    x: list = d.field(default_factory=dict)",
    "import dataclasses as d\n@d.dataclass\nclass A:\n    x: int\n    def m(self): return 1",
    "import dataclasses as d\n@d.dataclass\nclass A:\n    x: int\n    def __eq__(self, b): ...",
    "import collections\nA = collections.namedtuple('A', 'x')",
    "import collections\nA = collections.namedtuple('A', 'y')",
    "import collections\nA = collections.namedtuple('A', 'x', defaults=[1])",
    "import typing\nclass A(typing.NamedTuple):\n    x: int",
    "import typing\nclass A(typing.NamedTuple):\n    x: str",
    "import typing\nclass A(typing.NamedTuple):\n    x: int\n    def m(self): return 1",
    "import enum\nclass A(enum.Enum):\n    X = 1",
    "import enum\nclass A(enum.Enum):\n    X = 2",
    "import enum\nclass A(enum.Enum):\n    Y = 1",
    "import enum\nclass A(enum.IntEnum):\n    X = 1",
    "import enum\nclass A(enum.Enum):\n    X = 1\n    Y = 2",
    "import enum\nclass A(enum.Enum):\n    X = 1\n    Y = 1",
    "import enum\nclass A(enum.Enum):\n    X = 1\n    def m(self): return 1",
    "import enum\nclass A(enum.Enum):\n    X = 1\n    def m(self): return 2",
    "import enum\nA = enum.Enum('A', 'X Y Z')",
    "import abc\nclass A(abc.ABC):\n    @abc.abstractmethod\n    def m(self): pass",
    "import abc\nclass A(abc.ABC):\n    def m(self): pass",
    "import typing\nclass A(typing.Protocol):\n    x: int",
    "import typing\nclass A(typing.Generic[typing.TypeVar('T')]): pass",
    "class A[T]:\n    x: T",
    "import functools\nclass A:\n    @functools.cached_property\n    def m(self): return 1",
    "import functools\nclass A:\n    @functools.cached_property\n    def m(self): return 2",
    "class A:\n    __hash__ = None",
    "class A:\n    def __init_subclass__(cls): pass",
]


def test_every_class_differs_from_every_other(load):
    assert_all_differ([load(source).A for source in CLASSES])


@pytest.mark.parametrize("source", CLASSES)
def test_a_class_is_the_same_in_every_file_and_on_every_line(source, load):
    one, other = load(source).A, load("\n# a comment\n" + source).A
    assert digest_of(one) == digest_of(other)


def test_a_class_with_another_docstring_is_the_same(load):
    one, other = (load(f'class A:\n    "{text}"\n    x = 1').A for text in "ab")
    assert digest_of(one) == digest_of(other)


def test_a_class_that_was_changed_since_is_another(load):
    kind = load("class A:\n    x = 1\n    def m(self): return 1").A
    before = digest_of(kind)
    kind.x = 2
    changed = digest_of(kind)
    kind.m = load("def m(self): return 2").m
    assert len({before, changed, digest_of(kind)}) == 3


def test_using_a_class_does_not_change_it(load):
    for source in CLASSES:
        kind = load(source).A
        before = digest_of(kind)
        isinstance(1, kind) if "Protocol" not in source else None
        vars(kind), dir(kind), kind.__doc__, kind.__name__, repr(kind)
        assert digest_of(kind) == before, source


def test_a_hostile_class_is_read_by_what_it_defines(load):
    source = """
        def never(*_): raise RuntimeError("never called")
        class M(type):
            __getattribute__ = __eq__ = __hash__ = __repr__ = __instancecheck__ = never
            __subclasscheck__ = mro_of = never
        class A(metaclass=M):
            x = {}
        """
    one, same, other = (load(textwrap.dedent(source).format(n)) for n in (1, 1, 2))
    kinds = [vars(module)["A"] for module in (one, same, other)]
    assert digest_of([kinds[0]]) == digest_of([kinds[1]]) != digest_of([kinds[2]])


TYPES = [
    list[int],
    list[str],
    dict[str, int],
    int | None,
    int | str,
    typing.Optional[str],  # noqa: UP045, is of another type
    typing.Any,
    typing.TypeVar("T"),
    typing.TypeVar("S"),
    typing.Callable[[int], str],
    typing.Callable[[str], str],
    tuple[int, ...],
    typing.Literal[1],
    typing.Literal[2],
    typing.Annotated[int, 1],
    typing.Annotated[int, 2],
    int,
    type,
    type(None),
    types.FunctionType,
]


def test_every_type_differs_from_every_other():
    assert_all_differ(TYPES)
