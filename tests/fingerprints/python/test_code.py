import contextlib
import functools
import itertools
import logging
import math
import operator
import textwrap
import types
import typing

import numpy as np
import pytest
import scipy.special

from nbmlops.fingerprints.asking import fingerprint
from tests.fingerprints.alike import assert_all_differ, digest_of


@pytest.fixture
def digests(load):
    """Give the digest of ``f`` in each of some sources."""

    def of(*sources):
        return [digest_of(load(source).f) for source in sources]

    return of


ALIKE = {
    "comments and blank lines": [
        "def f(x):\n    return x + 1",
        "# a\n\ndef f(x):  # b\n\n    return (x +\n 1)",
    ],
    "indentation": [
        "def f(x):\n    return x + 1",
        "if True:\n        def f(x):\n                return x + 1",
    ],
    "docstrings": ["def f(x):\n    return x", 'def f(x):\n    """It."""\n    return x'],
    "docstrings inside": [
        "def f():\n    class A:\n        def g(self): return 1\n    return A",
        'def f():\n    class A:\n        "A"\n'
        '        def g(self):\n            "g"\n            return 1\n    return A',
    ],
    "docstrings alone": ["def f(): pass", 'def f():\n    "It."', 'def f():\n    "It."\n    pass'],
    "quotes and how numbers are written": [
        "def f(): return 'a' 'b', 1_000, 0x10",
        'def f(): return "ab", 1000, 16',
    ],
    "the line of a lambda": ["f = lambda x: x + 1", "\n\nf = (lambda x:\n     x + 1)"],
    "other definitions": [
        "def f(): return 1",
        "def g(): return 2\ndef f(): return 1\ndef h(): return 3",
    ],
    "globals that are not named": ["a = 1\ndef f(): return 1", "a = 2\ndef f(): return 1"],
    "names of modules": [
        "import math\ndef f(): return math.pi",
        "import math, os\ndef f(): return math.pi",
    ],
    "local names that globals have too": [
        "a = 1\ndef f():\n    def g():\n        a = 3\n        return a\n    return g",
        "a = 2\ndef f():\n    def g():\n        a = 3\n        return a\n    return g",
    ],
    "annotations that are not evaluated": [
        "from __future__ import annotations\ndef f(x: Some) -> int: return x",
        "from __future__ import annotations\nSome = 1\ndef f(x: Some) -> int: return x",
    ],
}


@pytest.mark.parametrize("case", ALIKE)
def test_what_does_not_count(case, digests):
    assert len(set(digests(*ALIKE[case]))) == 1


DIFFERENT = {
    "the body": ["def f(x): return x + 1", "def f(x): return x + 2", "def f(x): return x - 1"],
    "the type of a literal": [
        "def f(): return 1",
        "def f(): return 1.0",
        "def f(): return True",
        "def f(): return '1'",
        "def f(): return b'1'",
        "def f(): return 1j",
        "def f(): return ...",
        "def f(): return None",
        "def f(): return",
    ],
    "the name": ["def g(): return 1\nf = g", "def f(): return 1"],
    "arguments": [
        "def f(x, y): pass",
        "def f(y, x): pass",
        "def f(x, *, y): pass",
        "def f(x, /, y): pass",
        "def f(x, *y): pass",
        "def f(x, **y): pass",
        "def f(x, y=None): pass",
    ],
    "annotations": [
        "def f(x): pass",
        "def f(x: int): pass",
        "def f(x: str): pass",
        "def f(x) -> int: pass",
    ],
    "keywords without values": ["def f(*, x, y=1): pass", "def f(*, x=1, y): pass"],
    "the value of a default": [
        "a = 1\ndef f(x=a): pass",
        "a = 2\ndef f(x=a): pass",
        "a = 1\ndef f(*, x=a): pass",
    ],
    "kinds of functions": [
        "def f(): yield 1",
        "async def f(): yield 1",
        "async def f(): return 1",
        "def f(): return 1",
        "f = lambda: 1",
    ],
    "globals": [
        "a = 1\ndef f(): return a",
        "a = 2\ndef f(): return a",
        "a = [2]\ndef f(): return a",
        "def f(): return a",
    ],
    "globals inside": ["a = 1\ndef f(): return [lambda: a]", "a = 2\ndef f(): return [lambda: a]"],
    "globals in a comprehension": [
        "a = 1\ndef f(): return [a for _ in '']",
        "a = 2\ndef f(): return [a for _ in '']",
    ],
    "globals that are set": [
        "a = 1\ndef f():\n    global a\n    a = 3",
        "a = 2\ndef f():\n    global a\n    a = 3",
    ],
    "globals in a class inside": [
        "a = 1\ndef f():\n    class A:\n        b = a",
        "a = 2\ndef f():\n    class A:\n        b = a",
    ],
    "functions that it calls": [
        "def g(): return 1\ndef f(): return g()",
        "def g(): return 2\ndef f(): return g()",
    ],
    "functions that these call": [
        f"def h(): return {n}\ndef g(): return h()\ndef f(): return g()" for n in (1, 2)
    ],
    "functions that call each other": [
        f"def g(): return f() + {n}\ndef f(): return g()" for n in (1, 2)
    ],
    "which of two functions it calls": [
        "def a(): return b() or f()\ndef b(): return a()\ndef c(): return b\n"
        f"def f(): return {name}()"
        for name in "abc"
    ],
    "classes that it uses": [f"class A:\n    rate = {n}\ndef f(): return A.rate" for n in (1, 2)],
    "objects that it uses": [
        "class A: pass\na = A()\na.b = 1\ndef f(): return a",
        "class A: pass\na = A()\na.b = 2\ndef f(): return a",
    ],
    "modules": [
        "import math as m\ndef f(): return m.pi",
        "import cmath as m\ndef f(): return m.pi",
    ],
    "the closure": [
        f"def make(n):\n    def f(): return n\n    return f\nf = make({n})"
        for n in (1, 2, "[1]", "'1'")
    ],
    "the closure of a lambda": [f"f = (lambda n: lambda: n)({n})" for n in (1, 2)],
    "attributes": [
        "def f(): pass",
        "def f(): pass\nf.a = 1",
        "def f(): pass\nf.a = 2",
        "def f(): pass\nf.b = 1",
    ],
    "decorators": ["def d(g): return g\n@d\ndef f(): pass", "def f(): pass"],
    "what decorators make": [
        f"def d(g):\n    def f(): return g() + {n}\n    return f\n@d\ndef f(): pass" for n in (1, 2)
    ],
    "what decorators of the library wrap": [
        f"import {module}\n@{module}.{name}\ndef f(): yield {n}"
        for n in (1, 2)
        for module, name in [
            ("functools", "cache"),
            ("contextlib", "contextmanager"),
            ("functools", "singledispatch"),
        ]
    ],
    "branches never taken": ["def f():\n    if 0: return 1", "def f():\n    if 0: return 2"],
    "strings with values in them": [
        "def f(a): return f'{a}'",
        "def f(a): return f'{a!r}'",
        "def f(a): return f'{a:3}'",
        "def f(a): return f'{a} '",
        "def f(a): return '{a}'",
    ],
    "keys of a dict and what it takes over": [
        "def f(a): return {**a, 1: 2}",
        "def f(a): return {1: 2, **a}",
    ],
    "comparisons": [
        "def f(a): return a < 1",
        "def f(a): return a <= 1",
        "def f(a): return not a < 1",
    ],
    "type parameters": [
        "def f[T](a: T): pass",
        "def f[T: int](a: T): pass",
        "def f[*T](a: T): pass",
    ],
}


@pytest.mark.parametrize("case", DIFFERENT)
def test_what_counts(case, digests):
    found = digests(*DIFFERENT[case])
    assert len(set(found)) == len(found)


def test_a_function_is_the_same_in_every_file_and_on_every_line(load):
    source = "K = 3\ndef g(x): return f(x - 1)\ndef f(x): return K * g(x) if x else 0"
    one, other = load(source), load("\n\n\n" + source)
    assert digest_of(one.f) == digest_of(other.f) != digest_of(one.g)


def test_what_a_function_takes_out_of_a_module_of_the_users_counts(load):
    def using(value, other=0, text="h.part.rate"):
        helper = load(f"rate = 1\nother = {other}")
        helper.part = types.ModuleType("users_module_part")
        helper.part.rate = value
        user = load(f"h = None\ndef f(): return {text}")
        user.h = helper
        helper.__dict__["__name__"] = "users_module_helper"
        return digest_of(user.f)

    assert using(1) == using(1, other=3)
    assert len({using(1), using(2), using(1, text="h.rate"), using(1, text="h.gone")}) == 4


def test_functions_of_packages_are_known_by_name(load):
    user = load("import numpy\nfrom math import sqrt\ndef f(x): return numpy.mean(x) + sqrt(2)")
    assert fingerprint(user.f).is_exact
    known = [
        np.mean,
        np.sum,
        np.add,
        np.sin,
        np.linalg.norm,
        np.random.rand,
        np.random.default_rng,
        math.sqrt,
        math.sin,
        len,
        abs,
        print,
        textwrap.dedent,
        functools.reduce,
        scipy.special.expit,
        scipy.special.logit,
        str.join,
        str.lower,
        "a".join,
        "b".join,
        [1].append,
        [2].append,
        dict.fromkeys,
        int.from_bytes,
        int.__add__,
        (1).__add__,
        (2).__add__,
        int.real,
        operator.itemgetter(1),
        operator.itemgetter(2),
        operator.attrgetter("a"),
        operator.methodcaller("a", 1, b=2),
        operator.methodcaller("a", 1, b=3),
        object.__init__,
        logging.getLogger("a"),
        logging.getLogger("b"),
        contextlib.suppress,
        typing.cast,
        math,
        np,
        np.linalg,
        itertools.chain,
        np.float64,
        int,
    ]
    assert_all_differ(known)


def test_what_a_module_level_generator_draws_from_does_not_count():
    before = digest_of(np.random.rand)
    np.random.rand()
    assert digest_of(np.random.rand) == before


def test_partials_and_methods_are_function_and_values(load):
    module = load(
        """
        import functools
        class A:
            def __init__(self, rate): self.rate = rate
            def m(self): return self.rate
            def n(self): return self.rate
            @classmethod
            def c(cls): return 1
            @staticmethod
            def s(): return 1
            @property
            def p(self): return 1
        def g(x, y=0): return x
        """
    )
    part = functools.partial
    assert_all_differ(
        [
            module.g,
            part(module.g),
            part(module.g, 1),
            part(module.g, 2),
            part(module.g, y=1),
            part(len, 1),
            module.A,
            module.A(1),
            module.A(1).m,
            module.A(2).m,
            module.A(1).n,
            module.A.m,
            module.A.c,
            module.A.s,
            module.A.p,
            functools.cache(module.g),
            functools.cmp_to_key(module.g).__class__,
        ]
    )
    assert digest_of(part(part(module.g, 1), 2)) == digest_of(part(module.g, 1, 2))
    assert digest_of(module.A(1).m) == digest_of(module.A(1).m)


def test_what_is_in_a_cache_does_not_count(load):
    module = load("import functools\n@functools.lru_cache(9)\ndef f(x): return x")
    before = digest_of(module.f)
    module.f(1)
    assert digest_of(module.f) == before


def test_a_generic_function_is_its_implementations(load):
    source = """
        import functools
        @functools.singledispatch
        def f(x): return 1
        @f.register
        def _(x: int): return {}
        """
    one, same, other = (load(source.format(number)).f for number in (2, 2, 3))
    one(1), one("a")
    assert digest_of(one) == digest_of(same) != digest_of(other)


def test_a_closure_that_is_not_filled_yet_is_left_out(load):
    module = load("def make():\n    def f(): return later\n    yield f\n    later = 1\n    yield f")
    made = module.make()
    before = digest_of(next(made))
    assert digest_of(next(made)) != before


def test_a_function_that_closes_over_itself(load):
    source = """
        def make(n):
            def f(x): return f(x - n) if x else 0
            return f
        f, g = make(1), make(2)
        """
    one, other = load(source), load(source)
    assert digest_of(one.f) == digest_of(other.f) != digest_of(one.g)


def test_a_thousand_functions_in_a_row(load):
    lines = ["def f0(): return 1"] + [
        f"def f{n}(): return f{n - 1}() + f{n - 1}()" for n in range(1, 1_000)
    ]
    module = load("\n".join(lines))
    assert fingerprint(module.f999).is_exact
