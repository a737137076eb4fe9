import array
import collections
import copy
import enum
import itertools
import os
import pathlib
import pickle
import random
import sys
import threading
import typing
import uuid
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints import packing, ranking, registry
from nbmlops.fingerprints.asking import fingerprint
from tests.fingerprints.alike import assert_alike, assert_all_differ, digest_of
from tests.fingerprints.python.test_scalars import atoms, float_of, written

NAN, OTHER_NAN = float_of(0x7FF8 << 48), float_of((0x7FF8 << 48) + 1)
MANY = packing.BLOCK_ITEMS + 1
CHARACTERS = "w" if "w" in array.typecodes else "u"  # Python 3.13 has the new one

Point = collections.namedtuple("Point", "x y")
Place = collections.namedtuple("Place", "lat lon")


class Typed(typing.NamedTuple):
    x: int
    y: int


class Node:
    def __init__(self, name="", peers=()):
        self.name, self.peers = name, set(peers)


class Bag(list):
    pass


def ordered(*pairs):
    return collections.OrderedDict(pairs)


def in_itself(kind):
    made = kind()
    made.append(made)
    return made


ONE_OF_EACH = [
    [], (), {}, set(), frozenset(), collections.OrderedDict(), collections.Counter(),
    collections.defaultdict(int), collections.defaultdict(list), collections.defaultdict(),
    collections.deque(), collections.deque(maxlen=3), collections.ChainMap(), MappingProxyType({}),
    SimpleNamespace(), array.array("b"), {}.keys(), {}.values(), {}.items(), Bag(),
    [None], [[]], [()], [{}], [1], [1.0], [True], ["1"], [b"1"], [1, 2], [2, 1], [1, [2]], [[1], 2],
    [1, 2.0], [1.0, 2], ["ab", "c"], ["a", "bc"], ["abc"], ["abc", ""], ["", "abc"], [b"ab", b"c"],
    [b"a", b"bc"], [2**64], [2**64, 1], [1, 2**64], [-0.0], [0.0], [NAN], [OTHER_NAN], [1j], [0j],
    [None, 1], [1, None], [None, None], [True, 1], [1, True], [np.float64(1)], [float("inf")],
    ["\ud800\udc00"], ["\U00010000"], ["\ud800", "\udc00"], ["\ud800"],
    (1,), (1, 2), ((1,), 2), (1, (2,)), Point(1, 2), Place(1, 2), Typed(1, 2),
    {1}, {2}, {1, 2}, {1.0}, {(1,)}, {(1, 2)}, {"1"}, {None}, {None, 1}, {frozenset()}, {True, 2},
    {NAN}, {NAN, OTHER_NAN}, frozenset([1]), frozenset([frozenset([1])]), {1j}, {1j, 2j},
    {"a": 1}, {"a": 2}, {"b": 1}, {"a": 1, "b": 2}, {"a": 2, "b": 1}, {1: "a"}, {1.0: "a"},
    {(1, 2): 3}, {(2, 1): 3}, {None: None}, {"a": None}, {"a": []}, {"a": {}},
    {NAN: 1, OTHER_NAN: 2}, {NAN: 2, OTHER_NAN: 1}, {1: 2, "1": 2},
    {"a": {"b": 1}}, {("a", "b"): 1}, {frozenset([1]): 1},
    ordered(("a", 1), ("b", 2)), ordered(("b", 2), ("a", 1)), ordered(("a", [1]), ("b", 2)),
    collections.Counter("ab"), collections.Counter(a=1, b=0), collections.Counter(a=1),
    collections.defaultdict(int, a=1), collections.defaultdict(list, a=1),
    collections.deque([1, 2]), collections.deque([2, 1]), collections.deque([1, 2], 2),
    collections.ChainMap({"a": 1}, {}), collections.ChainMap({}, {"a": 1}),
    MappingProxyType({1: 2}),
    SimpleNamespace(a=1), SimpleNamespace(a=2), SimpleNamespace(b=1),
    array.array("b", [1]), array.array("B", [1]), array.array("h", [1]), array.array("d", [1]),
    array.array("f", [1]), array.array(CHARACTERS, "a"),
    {"a": 1}.keys(), {"a": 1}.items(), {"a": 1}.values(),
    {"a": 1, "b": 1}.values(), Bag([1]),
    in_itself(list), [in_itself(list)], in_itself(Bag), in_itself(collections.deque),
    [0.0] * (MANY - 1), [0.0] * MANY, [0] * MANY,
    [*[0.0] * (MANY - 1), 1.0], [*[0.0] * (MANY - 1), []],
    [[], *[0.0] * (MANY - 1)], (0.0,) * MANY, {*range(MANY)}, {*range(1, MANY + 1)},
    dict.fromkeys(range(MANY)), dict.fromkeys(range(MANY), 0),
    {**dict.fromkeys(range(MANY)), 0: []},
]  # fmt: skip


def test_every_container_differs_from_every_other():
    assert_all_differ(ONE_OF_EACH)


def shared():
    part = [1, {"a": 2}]
    return [part, part]


def chained(*names):
    """Return nodes that each hold the next in a set, the last the first."""
    nodes = [Node(name) for name in names]
    for node, following in zip(nodes, nodes[1:] + nodes[:1], strict=True):
        node.peers.add(following)
    return nodes


ALIKE = {
    "the order of a dict": lambda: [{"a": 1, "b": []}, {"b": [], "a": 1}],
    "the order of a dict with keys of many types": lambda: [
        {(1, 2): 1, "a": 2, None: 3, 1: 4, 0.5: 5}, {0.5: 5, 1: 4, None: 3, "a": 2, (1, 2): 1},
    ],
    "the order of a dict with floats": lambda: [
        {0.5: "a", -1.5: [], 1e300: "b"}, {1e300: "b", -1.5: [], 0.5: "a"},
    ],
    "the order of a dict with complex numbers": lambda: [
        {1j: "a", 1 + 1j: []}, {1 + 1j: [], 1j: "a"},
    ],
    "the order of a dict with several NaN": lambda: [{NAN: 1, float_of(0x7FF8 << 48): 2},
                                                     {float_of(0x7FF8 << 48): 2, NAN: 1}],
    "the order of a set": lambda: [{8, 0, 16, "a", (1,)}, {(1,), "a", 16, 0, 8}],
    "the size of a set's table": lambda: [{1, 9}, emptied({*range(10**4)}, but={1, 9})],
    "the order of frozensets in a set": lambda: [
        {frozenset([1, 2]), frozenset([3])}, {frozenset([3]), frozenset([2, 1])},
    ],
    "the order of a counter": lambda: [collections.Counter("aab"), collections.Counter("baa")],
    "the order of a namespace": lambda: [SimpleNamespace(a=1, b=[]), SimpleNamespace(b=[], a=1)],
    "what is shared": lambda: [shared(), copy.deepcopy(shared()[:1]) + copy.deepcopy(shared()[:1])],
    "what is shared and large": lambda: [[MANY_FLOATS] * 3, [list(MANY_FLOATS) for _ in range(3)]],
    "a deque that was turned": lambda: [turned(), collections.deque([1, 2, 3])],
    "views of equal dicts": lambda: [{1: 2, 3: 4}.items(), {3: 4, 1: 2}.items()],
    "values of a dict in another order": lambda: [{1: 2, 3: 4}.values(), {3: 4, 1: 2}.values()],
    "size of C's types": lambda: [array.array("l", [1]), array.array("q", [1])],
}  # fmt: skip
MANY_FLOATS = [float(number) for number in range(MANY)]


def emptied(values, *, but):
    for value in list(values):
        if value not in but:
            values.remove(value)
    return values


def turned():
    made = collections.deque([3, 1, 2])
    made.rotate(-1)
    return made


@pytest.mark.parametrize("case", ALIKE)
def test_equal_content_is_alike(case):
    assert_alike(ALIKE[case]())


def test_a_circle_is_alike_in_another_copy():
    one = [1, {"a": (2, [3])}]
    one[1]["a"][1].append(one)
    assert_alike([one, copy.deepcopy(one), pickle.loads(pickle.dumps(one))])


def test_who_holds_whom_in_a_circle_counts():
    first, second, third = [], [], []
    first += [second, third]
    second.append(first)
    third.append(second)
    changed = copy.deepcopy(first)
    changed[1][0] = changed
    assert digest_of(first) != digest_of(changed)


def test_how_long_a_circle_of_equal_values_is_counts():
    assert_all_differ([chained(*[""] * length)[0] for length in range(1, 9)])


def test_a_circle_is_the_same_wherever_it_is_held():
    one, other = chained("a", "b", "c")[0], chained("a", "b", "c")[0]
    assert digest_of([one, [1, [2, one]]]) == digest_of([other, [1, [2, other]]])


def test_which_value_of_a_circle_is_held_from_outside_counts():
    first, second, third = chained("", "", "")
    assert_all_differ([[first, first], [first, second], [first, third]])


def graph(seed, *, names=30, peers=4):
    """Return nodes of a graph, the same for a seed but made in some other order."""
    edges = random.Random(seed)
    nodes = [Node(f"node {number}") for number in range(names)]
    linked = [edges.sample(range(names), peers) for _ in nodes]
    shuffled = random.Random().sample(range(names), names)
    for number in shuffled:
        for peer in random.Random().sample(linked[number], peers):
            nodes[number].peers.add(nodes[peer])
    return nodes


def test_a_graph_held_in_sets_does_not_depend_on_the_order_of_its_hashes():
    assert_alike([graph(1) for _ in range(5)])
    assert_alike([set(graph(1)) for _ in range(5)])


def test_an_edge_of_a_graph_held_in_sets_counts():
    one, other = graph(1), graph(1)
    node = other[3]
    removed = min(node.peers, key=lambda peer: peer.name)
    added = next(peer for peer in other if peer not in node.peers)
    node.peers ^= {removed, added}
    assert digest_of(one) != digest_of(other)


def test_nodes_without_names_are_told_apart_by_their_places():
    def path(length, *, marked):
        nodes = [Node() for _ in range(length)]
        for node, following in itertools.pairwise(nodes):
            node.peers.add(following)
            following.peers.add(node)
        nodes[marked].name = "marked"
        return set(nodes)

    assert_alike([path(20, marked=3) for _ in range(4)])
    assert_all_differ([path(20, marked=place) for place in range(10)])


def test_a_dict_whose_keys_lead_back_to_it_does_not_depend_on_their_order():
    def made(names):
        index = {}
        for name in names:
            index[Node(name, ())] = len(name)
        for node in index:
            node.home = index
        return index

    assert_alike([made(["a", "bb", "ccc"]), made(["ccc", "a", "bb"])])
    assert_all_differ([made(["a", "bb"]), made(["a", "cc"])])


SEEDS = """
import sys
from tests.fingerprints.python.test_containers import graph
from nbmlops.fingerprints.asking import fingerprint
mixed = {"a", 1, None, (1, "b"), frozenset(["x", "y", "z"]), 2.5, b"c"}
print(fingerprint([mixed, dict.fromkeys(mixed, mixed), graph(2)]).digest)
"""


def test_hash_seeds_do_not_show(run_python, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(sys.path))
    found = set()
    for seed in ("0", "1", "random", "random"):
        monkeypatch.setenv("PYTHONHASHSEED", seed)
        found.add(run_python(SEEDS))
    assert len(found) == 1


def test_an_ordered_dict_is_read_in_its_own_order():
    turned = ordered(("a", 1), ("b", 2))
    turned.move_to_end("a")
    assert digest_of(turned) == digest_of(ordered(("b", 2), ("a", 1)))


class Keyed:
    def __hash__(self):
        raise RuntimeError("never called")


class Pressed:
    hashes = 0

    def __hash__(self):
        Pressed.hashes += 1
        return 1


def test_an_ordered_dict_whose_keys_it_would_have_to_ask_is_opaque():
    key = Pressed()
    for made in (ordered((key, 1)), ordered(((1, (key,)), 1)), ordered((frozenset([key]), 1))):
        before = Pressed.hashes
        assert "__hash__ of its keys" in fingerprint(made).reason
        assert Pressed.hashes == before
    assert fingerprint(ordered((Node(), 1), ((1, 2), 3))).is_exact


class Color(enum.Enum):
    RED = 1


@pytest.mark.parametrize(
    "key",
    [
        Color.RED,
        pathlib.PurePosixPath("a"),
        uuid.UUID(int=1),
        Fraction(1, 3),
        Point(1, Color.RED),
        frozenset([(1, uuid.UUID(int=1))]),
    ],
    ids=lambda key: type(key).__name__,
)
def test_an_ordered_dict_whose_keys_have_a_hash_of_pythons_is_read(key):
    assert fingerprint(ordered((key, 1))).is_exact


def test_the_members_of_a_named_tuple_are_not_asked_for_their_hash():
    made = ordered((Point(1, Pressed()), 1))
    before = Pressed.hashes
    assert "__hash__ of its keys" in fingerprint(made).reason
    assert Pressed.hashes == before


def test_values_that_are_none_have_no_order():
    assert_alike([{1: None, 2: None}.values(), {3: None, 4: None}.values()])
    assert digest_of({1: None, 2: None}.values()) != digest_of({1: None}.values())
    assert_alike([{1: None, 2: 3, 4: None}.values(), {1: 3, 2: None, 4: None}.values()])


def test_nodes_alike_that_all_know_each_other_in_sets_have_one_digest_and_say_so():
    for count in (3, 4, 6):
        found = {alike(count) for _ in range(12)}
        assert len({each.digest for each in found}) == 1
        assert {each.strength for each in found} == {"opaque"}
    assert alike(3).digest != alike(4).digest
    assert "cannot be told apart" in alike(3).reason


def alike(count):
    """Return the fingerprint of nodes, of which each holds all others in a set."""
    nodes = [Node() for _ in range(count + random.Random().randrange(9))][-count:]
    for node in nodes:
        node.peers.update(other for other in nodes if other is not node)
    return fingerprint(nodes[0])


def test_a_set_in_a_circle_looks_at_what_is_no_part_of_it_but_once(monkeypatch):
    looks = []
    monkeypatch.setattr(
        ranking, "adapter_of", lambda kind: looks.append(kind) or registry.adapter_of(kind)
    )
    nodes = [Node("same") for _ in range(4)]
    for node, following in itertools.pairwise(nodes):
        node.data = np.zeros(1_000)
        node.peers, following.peers = {following, *node.peers}, {node}
    fingerprint(nodes[0])
    assert 0 < looks.count(np.ndarray) <= 3


def test_a_dict_whose_keys_have_a_hash_of_their_own_is_read_without_it():
    made = {Pressed(): 1, (Pressed(), 1): 2}
    before = Pressed.hashes
    assert fingerprint(made).is_exact
    assert fingerprint(made.keys()).is_exact
    assert fingerprint({Pressed()}).is_exact
    assert Pressed.hashes == before + 1


def never(*_, **__):
    raise RuntimeError("never called")


class Lists(list):
    __len__ = __iter__ = __getitem__ = __eq__ = __contains__ = __hash__ = __reduce_ex__ = never


class Tuples(tuple):
    __slots__ = ()
    __len__ = __iter__ = __getitem__ = __eq__ = __contains__ = __reduce_ex__ = never


class Dicts(dict):
    __len__ = __iter__ = __getitem__ = keys = items = values = get = __contains__ = never


class Sets(set):
    __len__ = __iter__ = __eq__ = __contains__ = copy = never


class Queues(collections.deque):
    __len__ = __iter__ = __getitem__ = __eq__ = copy = never


class OrderedDicts(collections.OrderedDict):
    __len__ = __iter__ = __getitem__ = keys = items = values = move_to_end = never


class Defaults(collections.defaultdict):
    __len__ = __iter__ = __getitem__ = keys = items = __missing__ = never


class Numbers(array.array):
    __len__ = __iter__ = __getitem__ = __eq__ = tobytes = tolist = never


@pytest.mark.parametrize(
    ("kind", "first", "second"),
    [
        (Lists, ([1, []],), ([2, []],)),
        (Tuples, ([1, []],), ([2, []],)),
        (Dicts, ({"a": []},), ({"b": []},)),
        (Sets, ({1, (2,)},), ({1, (3,)},)),
        (Queues, ([1, 2],), ([2, 1],)),
        (OrderedDicts, ({"a": []},), ({"b": []},)),
        (Defaults, (int, {"a": []}), (int, {"b": []})),
        (Numbers, ("d", [1.0]), ("d", [2.0])),
    ],
    ids=lambda case: getattr(case, "__name__", ""),
)
def test_methods_of_a_container_of_the_users_are_never_called(kind, first, second):
    one, same, other = kind(*first), kind(*first), kind(*second)
    assert digest_of(one) == digest_of(same)
    assert_all_differ([one, other, kind.__bases__[0](*first)])
    if hasattr(one, "__dict__"):
        one.note, other.note = 1, 2
        assert digest_of(one) != digest_of(same)


def test_the_shape_is_the_length():
    values = [[1, 2], (1,), {1}, {"a": 1}, collections.deque([1]), range(7), array.array("b", [1])]
    assert [fingerprint(value).shape for value in values] == [
        (2,),
        (1,),
        (1,),
        (1,),
        (1,),
        (7,),
        (1,),
    ]
    assert str(fingerprint([0] * 1_234)).endswith("… 1,234")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ([1, iter([])], "[1]: an iterator: looking at it would use it up"),
        ({"a": {"b": iter([])}}, "['a']: ['b']: an iterator: looking at it would use it up"),
        ({1: iter([])}, "[1]: an iterator: looking at it would use it up"),
        ({"a" * 90: iter([])}, f"['{'a' * 40}']: an iterator: looking at it would use it up"),
        (Point(1, iter([])), ".y: an iterator: looking at it would use it up"),
        ({10**5000: iter([])}, "[…]: an iterator: looking at it would use it up"),
        ({10**40: iter([])}, "[…]: an iterator: looking at it would use it up"),
        ({(1, iter([])): 1}, "{…}: [0]: [1]: an iterator: looking at it would use it up"),
        (SimpleNamespace(a=iter([])), ".a: an iterator: looking at it would use it up"),
        ([0] * MANY + [iter([])], f"[{MANY}]: an iterator: looking at it would use it up"),
    ],
)
def test_where_the_first_opaque_part_is_is_told(value, reason):
    found = fingerprint(value)
    assert found.strength == "opaque"
    assert found.reason == reason


def test_containers_that_a_thread_changes_never_raise():
    lists, mapping, numbers = [[number] for number in range(500)], {}, set()
    is_over = threading.Event()

    def change():
        while not is_over.is_set():
            for number in range(500):
                mapping[number] = [number]
                numbers.add((number,))
                lists.append([])
            del lists[500:]
            mapping.clear()
            numbers.clear()

    changing = threading.Thread(target=change)
    changing.start()
    try:
        found = [fingerprint([lists, mapping, numbers]) for _ in range(200)]
    finally:
        is_over.set()
        changing.join()
    assert {one.strength for one in found} <= {"exact", "opaque"}


def can_be_a_key(value):
    return not (isinstance(value, Decimal) and value.is_snan())


hashable = st.recursive(
    atoms.filter(can_be_a_key),
    lambda inner: st.tuples(inner, inner) | st.frozensets(inner, max_size=3),
    max_leaves=4,
)
small = st.sampled_from([1, 2, "1", [1], None])
values = st.recursive(
    atoms | st.sets(hashable, max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.lists(inner, max_size=4).map(tuple)
        | st.dictionaries(hashable, inner, max_size=4)
        | st.lists(inner, max_size=3).map(collections.deque)
    ),
    max_leaves=12,
)


def listed(value):
    """Return a value as nested tuples that are equal exactly for equal content."""
    name = type(value).__name__
    if name in ("list", "tuple", "deque"):
        return name, tuple(map(listed, value))
    if name in ("set", "frozenset"):
        return name, tuple(sorted(map(repr, map(listed, value))))
    if name == "dict":
        return name, tuple(sorted(repr((listed(key), listed(item))) for key, item in value.items()))
    return written(value)


def rebuilt(value, rng):
    """Return an equal value made in another order, without what it shares."""
    if isinstance(value, list | tuple | collections.deque):
        return type(value)([rebuilt(item, rng) for item in value])
    if isinstance(value, set | frozenset):
        return type(value)(rng.sample([rebuilt(item, rng) for item in value], len(value)))
    if isinstance(value, dict):
        pairs = [(rebuilt(key, rng), rebuilt(item, rng)) for key, item in value.items()]
        return dict(rng.sample(pairs, len(pairs)))
    return value


@given(values, st.randoms(use_true_random=False))
def test_a_value_built_in_another_order_is_alike(value, rng):
    assert digest_of(value) == digest_of(rebuilt(value, rng))


@given(values, values)
def test_values_are_alike_exactly_if_their_content_is_equal(one, other):
    assert (digest_of(one) == digest_of(other)) is (listed(one) == listed(other))


@given(values, st.data())
def test_any_leaf_that_changes_changes_the_whole(value, data):
    leaf = data.draw(atoms)
    one, other = [value, {"a": (leaf, value)}], [value, {"a": (data.draw(atoms), value)}]
    assert (digest_of(one) == digest_of(other)) is (listed(one) == listed(other))


@given(st.lists(small, max_size=8), st.lists(small, max_size=8), st.integers(1, 4))
def test_lists_of_several_blocks_are_alike_exactly_if_their_content_is_equal(one, other, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(packing, "BLOCK_ITEMS", size)
        assert (digest_of(one) == digest_of(other)) is (listed(one) == listed(other))
