"""What secrets are learnt from, how much of it is looked at, and that no cell fails by it."""

import pytest

from nbmlops.redaction.redactor import Redactor
from nbmlops.tracking.secret_values import SecretValues

WORD = "x9!kk2zz"


class Unhashable(str):
    """A name as no cell makes it by accident."""

    __slots__ = ()
    __hash__ = None


class Looking:
    """What is learnt from a namespace, counted."""

    def __init__(self, monkeypatch):
        self.namespace, self.faults, self.looked_through = {}, [], []
        self.redact = Redactor()
        self.values = SecretValues(
            self.redact, lambda: self.namespace, lambda *fault: self.faults.append(fault)
        )
        self.values.look()
        spans = Redactor._spans

        def counted(redactor, text, **how):
            self.looked_through.append(text)
            return spans(redactor, text, **how)

        monkeypatch.setattr(Redactor, "_spans", counted)

    def write(self, **values):
        self.values.look()
        self.looked_through.clear()  # the environment has the name of the test
        self.namespace |= values
        self.values.look_at([*values], self.namespace)

    @property
    def knows_the_word(self):
        return self.redact.knows(WORD)


@pytest.fixture
def looking(monkeypatch):
    return Looking(monkeypatch)


MANY = [[f"word{row}x{column}" for column in range(300)] for row in range(300)]


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(MANY, id="lists in a list"),
        pytest.param({f"k{n}": row for n, row in enumerate(MANY)}, id="lists in a dict"),
        pytest.param(tuple(" ".join(row) for row in MANY), id="long texts"),
    ],
)
def test_of_much_text_little_is_looked_through(looking, value):
    looking.write(value=value, again=value)
    assert len(looking.looked_through) <= 50
    assert sum(map(len, looking.looked_through)) <= 20_000


@pytest.mark.parametrize(
    "value",
    [
        pytest.param({"words": MANY[0] * 10, "password": WORD}, id="behind a long list"),
        pytest.param({"words": MANY, "db": {"password": WORD}}, id="in a dict behind lists"),
        pytest.param({**dict.fromkeys(MANY[0], "x"), "password": WORD}, id="behind many keys"),
    ],
)
def test_what_is_named_like_a_secret_is_found_beside_much_text(looking, value):
    looking.write(value=value)
    assert looking.knows_the_word
    assert looking.values.names == {"value"}


def test_variables_named_like_secrets_come_first(looking):
    looking.write(docs=MANY, password=WORD)
    assert looking.knows_the_word


@pytest.mark.parametrize("key", [2, Unhashable("b")], ids=["number", "text that has no hash"])
def test_names_that_are_no_names_are_left_out(looking, key):
    class Namespace(dict):
        def __iter__(self):
            return iter([key, "password"])

    looking.namespace = Namespace(password=WORD)
    looking.values.look()
    assert looking.knows_the_word
    assert looking.faults == []


def test_what_cannot_be_looked_at_costs_neither_the_cell_nor_what_comes_behind_it(
    looking, monkeypatch
):
    learn = Redactor.learn_named

    def fails_once(redactor, name, value, **how):
        if value == "first":
            raise UnicodeEncodeError("utf-8", value, 0, 1, "surrogates not allowed")
        return learn(redactor, name, value, **how)

    monkeypatch.setattr(Redactor, "learn_named", fails_once)
    looking.write(a_password="first", b_password=WORD)
    assert looking.knows_the_word
    looking.namespace = {"c_password": "first", "d_password": "other" + WORD}
    looking.values.look()
    assert looking.redact.knows("other" + WORD)
    monkeypatch.setenv("A_PASSWORD", "first")
    monkeypatch.setenv("B_PASSWORD", "third" + WORD)
    looking.values.look()
    assert looking.redact.knows("third" + WORD)
    assert {where for where, _ in looking.faults} == {"looking for secrets"}
    assert len(looking.faults) == 3


@pytest.mark.parametrize("module", [3, None], ids=["number", "none"])
def test_classes_without_a_proper_module_are_left_out(looking, module):
    odd = type("Odd", (), {"__module__": module})()
    looking.write(odd=odd, password=WORD)
    assert looking.knows_the_word
    assert looking.faults == []
