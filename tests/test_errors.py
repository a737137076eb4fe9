import copy
import inspect
import pickle
from pathlib import Path

import pytest

import nbmlops
from nbmlops import errors
from nbmlops.errors import NbmlopsError, did_you_mean

URL = "sqlite:////data/store.db"
MADE = [
    errors.ConfigInvalid("pyproject.toml: quite", "is no setting."),
    errors.NotAStore(URL, "it is a folder"),
    errors.StoreDamaged(URL, "database disk image is malformed"),
    errors.StoreEmptied(URL, "3 blobs"),
    errors.StoreLost(URL, "3 blobs"),
    errors.StoreInUse(URL, "2 sessions record into it"),
    errors.StoreMissing(URL),
    errors.StoreTooNew(URL, "0007", "0001"),
    errors.StoreNotWritable(URL, "no permission"),
    errors.StoreNotUpgraded(URL, "0006", "duplicate column name: x", "store.db.before-0006"),
    errors.DiskFull(URL, "database or disk is full"),
    errors.NoRoomForStore(URL, "database or disk is full"),
    errors.StoreUnavailable(URL, "database is locked"),
    errors.UnsupportedStore("mysql://host/db"),
    errors.ServerAway(URL, "connection refused"),
    errors.ServerRefuses(URL, "wrong password"),
    errors.DatabaseMissing(URL, "there is none"),
    errors.LibraryMissing(URL, "psycopg", "psycopg"),
    errors.BlobsUnavailable("s3://bucket", "access denied"),
    errors.InvalidArgument("limit", "it is 1 to 500, not 0."),
    errors.OutsideRoot("../secret"),
    errors.NothingThere("session", "3k9f"),
    errors.StoreUpgrading(URL, "database is locked"),
    errors.TooBusy(64),
    errors.TooManyReruns(4),
    errors.TookTooLong(30.0),
    errors.BlobMissing("blake3:00"),
    errors.BlobNotHere("blake3:00", "report", "/data/blobs", "bring it back"),
    errors.BlobCorrupt("blake3:00", "/data/blobs/00"),
    errors.NoRunGiven(""),
    errors.RunPinned("3k9f"),
    errors.RunPinned("3k9f", ["7m2c"]),
    errors.RunInLivingSession("3k9f"),
    errors.TextTooCommon("it has three characters"),
    errors.SameStore(URL),
    errors.RunNotFound("basline", ["baseline", "second"]),
    errors.RunNotInTrash("shared", ["shared 2"]),
    errors.RunNotFound("7"),
    errors.RunAmbiguous("3k", ["3k9f", "3kaa"]),
    errors.MetricNotFound("acu", "3k9f", ["auc", "loss"]),
    errors.MetricNotFound("auc", "3k9f"),
    errors.ArtifactNotFound("report", "3k9f", ["report.html"]),
    errors.RunAmbiguous("baseline", ["3k9f", "3kaa"], is_name=True),
    errors.StoreNotWritable(URL, "no space left."),
    errors.ServerRefuses(URL, "who are you?"),
    errors.VariableNotFound("fd", ["df", "model"]),
    errors.VariableNotFound("df", ["model"], "[7] deleted 'df'."),
    errors.ExecutionNotFound(99, 12),
    errors.ExecutionNotFound(1, 0),
    errors.NothingToExplain("acu", ["auc", "df"]),
    errors.PartNotExplained("df[a]", "df"),
    errors.NoRunYet("", ["df"]),
    errors.NoRunYet("@2"),
    errors.SeveralTargets(["a metric", "a variable"]),
    errors.NothingToRestore("metric auc"),
    errors.OutputExists("churn-auc.ipynb"),
    errors.DataNotFound("fligths", ["flights", "df"]),
    errors.DataNotFound("df"),
    errors.DataAmbiguous("4f2a", ["4f2a11", "4f2a22"]),
    errors.TooFewRuns(1),
    errors.InvalidRunName("@1", "that means the latest run."),
    errors.NoRunOpen("put tags on"),
    errors.RunClosed("3k9f", "finished"),
    errors.InvalidMetric("auc", "'high' is a text, not a number."),
    errors.InvalidMetric(7, "a name is a text."),
    errors.InvalidName("", "a name is a text that is not empty.", "tag"),
    errors.QueryError("lr > ", 5, "expected a value.", word="lr", possible=["lr"]),
    errors.InvalidCursor("abc", "it is damaged"),
    errors.SelectFailed("no such table: run", ["runs", "params"]),
    errors.SelectTooSlow(30.0),
    errors.NoWidget("Findings"),
    errors.InvalidChoice("verdict", "true", ["confirmed", "refuted"]),
    errors.InvalidLimit(-1),
    errors.SecretUnknown("9", ["1", "2"]),
    errors.SecretKindUnknown("AWS keys", ["AWS key"]),
    errors.ArtifactMissing("report.html"),
    errors.NotebookMissing("train.ipynb"),
    errors.NotebookInvalid("train.ipynb", "it has no cells"),
    errors.OutputFolderMissing("out"),
    errors.PathNotFilled("a{b}.ipynb", "no parameter 'b' is given"),
    errors.ParameterUnknown("lrr", ["lr", "seed"]),
    errors.ParameterUnknown("lr", [], has_cell=False),
    errors.ParameterMismatch("lr", "fast", "a number", "0.1"),
    errors.ProfilesDiffer("int64", "string"),
]
BASES = {errors.NbmlopsError, errors.StoreError, errors.ParameterError}
CLASSES = [
    found
    for _, found in inspect.getmembers(errors, inspect.isclass)
    if issubclass(found, BaseException)
]


def test_every_class_is_made_below():
    assert {type(error) for error in MADE} == set(CLASSES) - BASES


@pytest.mark.parametrize("kind", CLASSES)
def test_every_class_is_one_of_ours(kind):
    assert issubclass(kind, NbmlopsError)


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
@pytest.mark.parametrize(
    "again",
    [
        *(
            pytest.param(
                lambda error, protocol=protocol: pickle.loads(pickle.dumps(error, protocol)),
                id=f"pickle {protocol}",
            )
            for protocol in range(2, pickle.HIGHEST_PROTOCOL + 1)
        ),
        pytest.param(copy.copy, id="copy"),
    ],
)
def test_every_error_survives_pickling_with_attributes_and_message(error, again):
    found = again(error)
    assert type(found) is type(error)
    assert str(found) == str(error)
    assert found.args == error.args
    assert vars(found) == vars(error)


@pytest.mark.parametrize("error", MADE, ids=lambda error: type(error).__name__)
def test_message_is_for_people_and_names_the_values(error):
    text = str(error)
    assert text == error.message
    assert text not in (repr(error.args[0]), str(error.args))  # as KeyError and others show it
    shown = [value for value in error.args if isinstance(value, str)]
    assert all(value in text for value in shown)


@pytest.mark.parametrize(
    ("error", "builtin"),
    [
        (errors.ConfigInvalid, ValueError),
        (errors.StoreMissing, FileNotFoundError),
        (errors.StoreNotWritable, PermissionError),
        (errors.StoreUnavailable, ConnectionError),
        (errors.BlobMissing, KeyError),
        (errors.RunNotFound, KeyError),
        (errors.DataNotFound, KeyError),
        (errors.RunClosed, RuntimeError),
        (errors.InvalidMetric, ValueError),
        (errors.ArtifactMissing, FileNotFoundError),
        (errors.NotebookMissing, FileNotFoundError),
        (errors.ParameterUnknown, KeyError),
        (errors.ParameterMismatch, TypeError),
    ],
    ids=lambda kind: kind.__name__,
)
def test_builtin_excepts_catch_what_says_the_same(error, builtin):
    assert issubclass(error, builtin)


@pytest.mark.parametrize(
    ("word", "possible", "expected"),
    [
        pytest.param("quite", ["quiet", "store"], " Did you mean quiet?", id="near"),
        pytest.param("zzz", ["quiet", "store"], " There is: quiet, store.", id="nothing near"),
        pytest.param("zzz", [], "", id="nothing at all"),
        pytest.param(
            "zzz",
            [f"a{n}" for n in range(30)],
            f" There is: {', '.join(f'a{n}' for n in range(20))}, ….",
            id="too many to list",
        ),
        pytest.param("zzz", ["a" * 300], f" There is: {'a' * 39}….", id="too long to list"),
        pytest.param("b" * 300, ["b" * 299], f" Did you mean {'b' * 39}…?", id="too long a word"),
    ],
)
def test_hint_names_the_nearest_words_else_all(word, possible, expected):
    assert did_you_mean(word, possible) == expected


def test_hint_says_what_it_lists():
    assert did_you_mean("zzz", ["df", "x"], "variables") == " Known variables: df, x."


@pytest.mark.parametrize(
    ("error", "hint"),
    [
        pytest.param(errors.RunNotFound("basline", ["baseline"]), "Did you mean baseline?", id="r"),
        pytest.param(errors.RunNotFound("x"), "See: nbmlops runs", id="no runs at all"),
        pytest.param(errors.DataNotFound("dff", ["df"]), "Did you mean df?", id="d"),
        pytest.param(errors.DataNotFound("x"), "See: nbmlops data", id="no data at all"),
        pytest.param(errors.ParameterUnknown("sed", ["seed"]), "Did you mean seed?", id="p"),
        pytest.param(
            errors.ParameterUnknown("sed", [], has_cell=False), "`parameters`", id="no cell"
        ),
        pytest.param(errors.ParameterUnknown("sed", []), "assigns no name", id="empty cell"),
        pytest.param(errors.StoreMissing(URL), "%load_ext nbmlops", id="no store yet"),
        pytest.param(errors.StoreTooNew(URL, "0007", "0001"), "pip install", id="too new"),
    ],
)
def test_message_says_what_to_do_next(error, hint):
    assert hint in str(error)


def test_notebook_shows_where_it_was_called_and_not_our_own_frames():
    try:
        nbmlops.show("nobody", store="sqlite:///nowhere.db")
    except errors.NbmlopsError as problem:
        *called, last = problem._render_traceback_()
    assert last.startswith("StoreMissing: ")
    text = "\n".join(called)
    assert 'nbmlops.show("nobody"' in text
    assert str(Path(nbmlops.__file__).parent) not in text
