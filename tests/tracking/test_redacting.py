import json
from collections import OrderedDict, defaultdict, namedtuple
from types import SimpleNamespace

import pytest

from nbmlops.canonical import decode, encode
from nbmlops.cells.sources import source_digest, source_key
from nbmlops.records import (
    Annotation,
    Artifact,
    Content,
    Digest,
    Environment,
    Execution,
    ExecutionId,
    Failure,
    FileUse,
    Items,
    Mark,
    Metric,
    Model,
    Names,
    NotebookCell,
    Outline,
    Output,
    Param,
    Record,
    Run,
    RunId,
    Session,
    SessionId,
    Use,
    Value,
)
from nbmlops.redaction.redactor import Redactor
from nbmlops.store.lines import to_line
from nbmlops.tracking.redacting import FAILED, Redacting
from nbmlops.tracking.secret_values import SecretValues

WORD = "tr0ub4dor&3"
GONE = "[redacted: password]"
RUN = RunId("r")


@pytest.fixture
def namespace():
    return {"db_password": WORD}


@pytest.fixture
def faults():
    return []


@pytest.fixture
def redact(namespace, faults):
    redactor = Redactor()

    def fault(where, problem):
        faults.append((where, problem))

    values = SecretValues(redactor, lambda: namespace, fault)
    values.look()
    return Redacting(redactor, values, fault)


def an_execution(source="x = 1", **more):
    return Execution(
        ExecutionId("e"), SessionId("s"), 1, source, 0.0, cell_key=source_key(source), **more
    )


def a_text(text):
    return Output("stdout", (Content("text/plain", len(text), text=text),))


@pytest.mark.parametrize(
    "record",
    [
        Session(SessionId("s"), 0.0, "jupyter", f"about {WORD}", notebook=f"/x/{WORD}.ipynb"),
        an_execution(f'login("{WORD}")'),
        an_execution(outputs=(a_text(f"it is {WORD}"),)),
        an_execution(failure=Failure("E", WORD, f"E: {WORD}")),
        an_execution(failure=Failure(WORD, "", "")),
        an_execution(tags=(WORD,)),
        an_execution(cell_id=f"cell {WORD}"),
        an_execution(names=Names(defined=("x", WORD))),
        an_execution(names=Names(items_used=(Items("df", (WORD,)),))),
        Session(SessionId("s"), 0.0, "jupyter", "x", host=WORD, python=WORD, kernel_id=WORD),
        Model(RUN, "m", f"c.{WORD}", "{}", format=WORD),
        Artifact(RUN, "a", Digest("d"), 1, f"text/{WORD}"),
        Mark(RUN, "pinned", True, 0.0, WORD),
        Annotation(RUN, "note", "x", 0.0, WORD),
        Value(Digest("d"), "frame", f"a.{WORD}", "exact", "{}"),
        FileUse(ExecutionId("e"), "a", "read", reason=f"no {WORD}"),
        Run(RUN, SessionId("s"), f"{WORD}", 0.0, name=WORD, note=WORD, reason=f"E: {WORD}"),
        Param.of(RUN, "x", WORD, "logged"),
        Param.of(RUN, WORD, 1, "logged"),
        Param.of(RUN, "x", {"a": [WORD], WORD: 1}, "logged"),
        Param.of(RUN, "x", WORD.encode(), "logged"),
        Metric.empty(RUN, f"auc {WORD}", "logged", None),
        Model(RUN, "m", "C", json.dumps({"constant": list(encode(WORD))})),
        Annotation(RUN, "note", f"with {WORD}"),
        Annotation(RUN, "tags.x", WORD),
        Environment(Digest("d"), json.dumps({"git": {"branch": WORD}})),
        Outline(RUN, f"/{WORD}", cells=(NotebookCell("d", None, f'login("{WORD}")'),)),
        Use(ExecutionId("e"), f"{WORD}.csv", "read", Digest("d")),
        FileUse(ExecutionId("e"), f"s3://a/{WORD}", "read"),
    ],
    ids=lambda record: type(record).__name__,
)
def test_no_field_of_a_record_keeps_a_known_secret(redact, faults, record: Record):
    redacted = redact(record)
    assert type(redacted) is type(record)
    assert WORD not in to_line([redacted])
    assert WORD.encode().hex() not in to_line([redacted])
    assert "redacted: password" in to_line([redacted])
    assert redact(redacted) is redacted
    assert not faults


@pytest.mark.parametrize(
    "record",
    [
        an_execution(outputs=(a_text("fine"),)),
        Run(RUN, SessionId("s"), "churn", 0.0, name="first"),
        Param.of(RUN, "num_memory_tokens", 16, "logged"),
        Param.of(RUN, "token_count", "12", "logged"),
        Use(ExecutionId("e"), "df", "read", Digest("d")),
    ],
    ids=lambda record: type(record).__name__,
)
def test_a_record_without_secrets_is_the_very_same(redact, record: Record):
    assert redact(record) is record


@pytest.mark.parametrize(
    ("value", "type_name"),
    [("x9!kk2zz", "str"), (48151623, "int"), (b"x9!kk2zz", "bytes")],
    ids=["text", "number", "bytes"],
)
def test_a_parameter_named_like_a_secret_loses_its_value(redact, value, type_name):
    assert Param.of(RUN, "api_key", value, "logged").type == type_name
    assert redact(Param.of(RUN, "api_key", value, "logged")).value == "[redacted: API key]"


@pytest.mark.parametrize(
    ("name", "value", "is_kept"),
    [("token", b"ab12cd34ef5", False), ("token", b"the", True), ("pin", 4711, False),
     ("pin", 13, True), ("token", 3287, True)],
)  # fmt: skip
def test_a_parameter_that_may_be_named_like_a_secret_must_look_like_one(
    redact, name, value, is_kept
):
    kept = redact(Param.of(RUN, name, value, "logged")).value
    assert (kept == value) == is_kept
    assert is_kept or str(kept).startswith("[redacted: ")


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("passwords", ["x9!kk2zz", "y8!mm3qq"], [GONE, GONE]),
        ("passwords", ("x9!kk2zz", 1), (GONE, 1)),
        (
            "config",
            {"db": {"password": "x9!kk2zz", "port": 1}},
            {"db": {"password": GONE, "port": 1}},
        ),
        ("config", {1: 2, "password": "x9!kk2zz"}, {1: 2, "password": GONE}),
        ("args", ["--user", "bob", "--password", "sesame"], ["--user", "bob", "--password", GONE]),
        ("args", ("--password", "-v", "sesame"), ("--password", "-v", "sesame")),
        (
            "env",
            [{"name": "DB_PASSWORD", "value": "sesame"}],
            [{"name": "DB_PASSWORD", "value": GONE}],
        ),
        ("cfg", {"db": {"token": "ab12cd34ef5"}}, {"db": {"token": "[redacted: token]"}}),
        ("cfg", {"token": b"ab12cd34ef5"}, {"token": "[redacted: token]"}),
        ("cfg", {"token": "international", "pin": 13}, {"token": "international", "pin": 13}),
        ("cfg", {"pin": 4711}, {"pin": "[redacted: PIN]"}),
        ("config", {"password": 48151623}, {"password": GONE}),
        ("config", {"password": b"x9!kk2zz"}, {"password": GONE}),
        ("config", {"password": True, "x": b"ab"}, {"password": True, "x": b"ab"}),
    ],
    ids=[
        "list",
        "tuple",
        "dict",
        "dict of any keys",
        "arguments",
        "options only",
        "setting",
        "short token",
        "token in bytes",
        "word",
        "PIN",
        "number",
        "bytes",
        "none",
    ],
)
def test_of_a_nested_parameter_goes_what_its_names_say_is_secret(redact, name, value, expected):
    assert redact(Param.of(RUN, name, value, "logged")).value == expected
    params = json.dumps({f"step.{name}": list(encode(value))})
    [(_, kept)] = json.loads(redact(Model(RUN, "m", "C", params)).params).items()
    assert decode(*kept) == expected


def test_parameters_stay_readable_with_a_secret_inside(redact):
    found = redact(Param.of(RUN, "db", {"user": "bob", "password": "x9!kk2zz"}, "logged"))
    assert found.value == {"user": "bob", "password": "[redacted: password]"}


def test_a_digest_is_not_kept_of_what_held_a_secret(redact, namespace):
    uses = [Use(ExecutionId("e"), name, "written", Digest("d")) for name in ("db_password", "x")]
    assert [redact(use).digest for use in uses] == [None, "d"]
    namespace["url"] = f"postgresql://bob:{WORD}@db/x"
    redact.values.look_at(["url"], namespace)
    assert redact(Use(ExecutionId("e"), "url", "written", Digest("d"))).digest is None


@pytest.mark.parametrize(
    ("path", "is_kept"),
    [(".env", False), ("keys/id_rsa", False), ("a/server.pem", False), ("data.csv", True),
     ("credentials.json", False), ("environment.yml", True), ("keys.csv", True)],
)  # fmt: skip
def test_a_digest_is_not_kept_of_files_of_secrets(redact, path, is_kept):
    found = redact(FileUse(ExecutionId("e"), path, "read", Digest("d")))
    assert (found.digest is not None) == is_kept


def test_keys_and_digests_of_sources_are_those_of_what_is_kept(redact):
    source = f'login("{WORD}")'
    kept = 'login("[redacted: password]")'
    assert redact(an_execution(source)).cell_key == source_key(kept)
    assert redact(an_execution(source)).source == kept
    cell = redact.cell(NotebookCell(source_digest(source), "id", source))
    assert cell == NotebookCell(source_digest(kept), "id", kept)


def test_a_name_is_called_the_same_before_and_after_it_is_known_as_a_secret(redact):
    metric = Metric.empty(RUN, "auc x9!kk2zz", "logged", None)
    assert redact(metric) is metric
    redact.redact.learn("x9!kk2zz", "password")
    assert redact(metric) is metric


def test_a_fault_of_ours_costs_the_text_not_the_secret(redact, faults, monkeypatch):
    def fails(*_, **__):
        raise RuntimeError

    monkeypatch.setattr(Redactor, "_spans", fails)
    found = redact(an_execution("anything"))
    assert found.source == FAILED
    assert faults[0][0] == "redacting"


def test_what_an_output_tells_is_taken_out_of_the_code_as_well(redact):
    shown = a_text("       k          v\n0  password  x9!kk2zz\n")
    found = redact(an_execution("rows = {'k': ['password'], 'v': ['x9!kk2zz']}", outputs=(shown,)))
    assert found.source == "rows = {'k': ['password'], 'v': ['[redacted: password]']}"
    assert found.cell_key == source_key(found.source)


def test_where_nothing_is_recorded_a_fault_is_told_on_stderr_once(monkeypatch, capsys):
    def fails(*_, **__):
        raise RuntimeError(WORD)

    outside = Redacting.outside_of_sessions([])
    monkeypatch.setattr(Redactor, "_spans", fails)
    for note in ("anything", "something else"):
        assert outside(Annotation(RUN, "note", note)).value == FAILED
    told = capsys.readouterr().err
    assert told.count("nbmlops had a fault (redacting, ") == 1
    assert WORD not in told


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("config", {"db": {"password": "x9!kk2zz"}}),
        ("accounts", [{"password": "x9!kk2zz"}]),
        ("settings", type("Settings", (), {})()),
        ("raw_password", b"x9!kk2zz"),
    ],
    ids=["dict", "list", "object", "bytes"],
)
def test_secrets_are_learnt_from_inside_of_values(redact, name, value):
    if name == "settings":
        value.client_secret = "x9!kk2zz"
    redact.values.look_at([name], {name: value})
    assert redact.text("it is x9!kk2zz").startswith("it is [redacted: ")
    assert name in redact.values.names


class Slotted:
    __slots__ = ("password", "unset")


class Keyed(dict):
    def items(self):
        raise AssertionError("a method of the user's")


Login = namedtuple("Login", "user password")


def slotted():
    value = Slotted()
    value.password = "x9!kk2zz"
    return value


@pytest.mark.parametrize(
    "value",
    [
        slotted(),
        SimpleNamespace(db=SimpleNamespace(login={"password": "x9!kk2zz"})),
        Keyed(password="x9!kk2zz"),
        OrderedDict(db=defaultdict(dict, login={"password": "x9!kk2zz"})),
        Login("bob", "x9!kk2zz"),
        {"passwords": {"x9!kk2zz"}},
        {"password": type("Text", (str,), {})("x9!kk2zz")},
    ],
    ids=["slots", "objects in objects", "of a class", "of the library", "named tuple", "set",
         "text of a class"],
)  # fmt: skip
def test_secrets_are_learnt_from_whatever_holds_names(redact, faults, value):
    redact.values.look_at(["settings"], {"settings": value})
    assert redact.text("it is x9!kk2zz") == "it is [redacted: password]"
    assert not faults


@pytest.mark.parametrize("name", ["passwords", "tokens"])
def test_arrays_named_like_secrets_are_learnt_as_far_as_they_are_shown(redact, name):
    np = pytest.importorskip("numpy")
    texts = np.array([f"{number}-zq81mfpa0dk2x7" for number in range(2_000)])
    redact.values.look_at([name], {name: texts})
    for shown in ("0-zq81mfpa0dk2x7", "1999-zq81mfpa0dk2x7"):
        assert shown not in redact.text(f"array(['{shown}', ...")


def test_tokens_of_texts_are_no_secrets(redact):
    words = ["the", "x86_64", "covid-19", "1990s-era", "international"]
    redact.values.look_at(["tokens", "token"], {"tokens": words, "token": words})
    assert redact.text(text := repr(words)) is text


def test_columns_named_like_secrets_are_learnt_as_far_as_they_are_shown(redact):
    pd = pytest.importorskip("pandas")
    frame = pd.DataFrame({"user": ["bob", "eve"], "password": ["x9!kk2zz", None]})
    redact.values.look_at(["frame"], {"frame": frame})
    assert redact.text("0  bob  x9!kk2zz") == "0  bob  [redacted: password]"


def test_environment_variables_are_learnt_when_they_change(redact, monkeypatch):
    redact.values.look()
    monkeypatch.setenv("SOME_API_KEY", "x9!kk2zz")
    monkeypatch.setenv("PWD", "/some/x9kk2zz")
    redact.values.look()
    assert redact.text("x9!kk2zz in /some/x9kk2zz") == "[redacted: API key] in /some/x9kk2zz"
