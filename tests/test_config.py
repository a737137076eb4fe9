import getpass
import os
import subprocess
from pathlib import Path

import pytest

from nbmlops import config
from nbmlops.config import (
    Settings,
    as_url,
    find_project,
    load,
    project_folder,
    sqlite_url,
    store_url,
    user_name,
)
from nbmlops.errors import ConfigInvalid


def pyproject(project, text):
    (project / "pyproject.toml").write_text(text, encoding="utf-8")


def test_without_anything_set_every_setting_has_its_default(project):
    assert load(project) == Settings()


def test_pyproject_sets_and_dashes_are_underscores(project):
    pyproject(
        project,
        '[tool.nbmlops]\nquiet = true\nmetrics = ["profit"]\noutput-limit-bytes = 10\nstore = "s"',
    )
    assert load(project) == Settings(
        quiet=True, metrics=("profit",), output_limit_bytes=10, store="s"
    )


def test_pyproject_of_another_tool_sets_nothing(project):
    pyproject(project, '[tool.other]\nquiet = true\n[project]\nname = "x"')
    assert load(project) == Settings()


@pytest.mark.parametrize(
    ("name", "text", "field", "value"),
    [
        ("NBMLOPS_QUIET", "1", "quiet", True),
        ("NBMLOPS_QUIET", "Yes", "quiet", True),
        ("NBMLOPS_QUIET", "", "quiet", False),
        ("NBMLOPS_MATCH_METRICS", "off", "match_metrics", False),
        ("NBMLOPS_METRICS", "profit *_gain", "metrics", ("profit", "*_gain")),
        ("NBMLOPS_METRICS", "", "metrics", ()),
        ("NBMLOPS_OUTPUT_LIMIT_BYTES", "77", "output_limit_bytes", 77),
        ("NBMLOPS_STORE", "1", "store", "1"),
        ("NBMLOPS_EXPERIMENT", "true", "experiment", "true"),
    ],
)
def test_environment_sets_by_the_type_of_the_setting(project, name, text, field, value):
    assert getattr(load(project, {name: text}), field) == value


def test_environment_wins_over_pyproject(project, monkeypatch):
    pyproject(project, '[tool.nbmlops]\nexperiment = "file"\nquiet = true')
    monkeypatch.setenv("NBMLOPS_EXPERIMENT", "variable")
    assert load(project) == Settings(experiment="variable", quiet=True)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        pytest.param("[tool.nbmlops", ["not TOML"], id="no TOML"),
        pytest.param("[tool.nbmlops]\nqu = \udc80", ["not TOML"], id="no UTF-8"),
        pytest.param("[tool]\nnbmlops = 3", ["tool.nbmlops", "table"], id="no table"),
        pytest.param("tool = 3", ["tool.nbmlops", "table"], id="tool is no table"),
        pytest.param(
            "[tool.nbmlops]\nquite = true", ["quite", "Did you mean quiet?"], id="misspelt"
        ),
        pytest.param("[tool.nbmlops]\nzzz = 1", ["zzz", "There is: store"], id="unknown"),
        pytest.param('[tool.nbmlops]\nquiet = "yes"', ["quiet", "true or false"], id="no bool"),
        pytest.param("[tool.nbmlops]\nquiet = 1", ["quiet", "true or false", "1"], id="1 no bool"),
        pytest.param(
            "[tool.nbmlops]\noutput_limit_bytes = true", ["whole number"], id="bool no int"
        ),
        pytest.param(
            "[tool.nbmlops]\noutput_limit_bytes = 1e6", ["whole number"], id="float no int"
        ),
        pytest.param('[tool.nbmlops]\nmetrics = "auc"', ["list of texts"], id="text no list"),
        pytest.param(
            '[tool.nbmlops]\nquiet = ["yes"]', ["quiet", "true or false"], id="list no bool"
        ),
        pytest.param("[tool.nbmlops]\nmetrics = [1]", ["list of texts"], id="numbers no texts"),
        pytest.param("[tool.nbmlops]\nstore = 3", ["store", "a text"], id="number no text"),
    ],
)
def test_a_wrong_pyproject_says_what_is_wrong_with_what(project, text, words):
    data = text.encode("utf-8", "surrogateescape")
    (project / "pyproject.toml").write_bytes(data)
    with pytest.raises(ConfigInvalid) as caught:
        load(project)
    message = str(caught.value)
    assert "pyproject.toml" in message
    assert [word for word in words if word not in message] == []


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("NBMLOPS_QUIET", "maybe", "true or false"),
        ("NBMLOPS_OUTPUT_LIMIT_BYTES", "much", "a whole number"),
        ("NBMLOPS_OUTPUT_LIMIT_BYTES", "-1", "a whole number"),
    ],
)
def test_a_wrong_variable_is_named_as_it_is_spelt(project, name, text, words):
    with pytest.raises(ConfigInvalid) as caught:
        load(project, {name: text})
    assert name in str(caught.value)
    assert words in str(caught.value)
    assert repr(text) in str(caught.value)


@pytest.mark.parametrize(
    ("made", "start", "expected"),
    [
        pytest.param([".nbmlops"], "a/b", ".", id="folder of a store above"),
        pytest.param([".git"], "a/b", ".", id="git root above"),
        pytest.param(["a/.git", ".nbmlops"], "a/b", ".", id="a store before a git root"),
        pytest.param(["a/.nbmlops", ".nbmlops"], "a/b", "a", id="the nearest store"),
        pytest.param(["a/.git", ".git"], "a/b", "a", id="the nearest git root"),
        pytest.param(["a/b/.nbmlops"], "a/b", "a/b", id="here"),
        pytest.param([], "a/b", None, id="nothing"),
    ],
)
def test_project_is_the_nearest_store_else_the_nearest_git_root(project, made, start, expected):
    for folder in (*made, start):
        (project / folder).mkdir(parents=True, exist_ok=True)
    found = find_project(project / start)
    assert found == (None if expected is None else (project / expected).resolve())
    assert project_folder(project / start) == (found or project / start)


def test_store_in_the_home_folder_makes_no_project_of_all_below(project, monkeypatch):
    monkeypatch.setenv("HOME", str(project))
    (project / ".nbmlops").mkdir()
    (project / "work").mkdir()
    assert find_project(project / "work") is None
    assert find_project(project) == project


def test_a_git_worktree_has_a_file_instead_of_a_folder(project):
    (project / ".git").write_text("gitdir: elsewhere")
    assert find_project(project) == project


def test_store_is_the_projects_own_unless_set(project):
    assert store_url(Settings(), project) == f"sqlite:///{project}/.nbmlops/store.db"
    assert store_url(Settings(store="team.db"), project / "x") == f"sqlite:///{project}/x/team.db"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("postgresql://host/db", "postgresql://host/db", id="URL"),
        pytest.param("sqlite:////data/x.db", "sqlite:////data/x.db", id="URL of a file"),
        pytest.param("sqlite:///x.db", "sqlite:///{here}/x.db", id="URL of a relative file"),
        pytest.param("x.db", "sqlite:///{here}/x.db", id="database file by its name"),
        pytest.param("x.sqlite3", "sqlite:///{here}/x.sqlite3", id="other usual name"),
        pytest.param("/data/x.db", "sqlite:////data/x.db", id="absolute file"),
        pytest.param("there", "sqlite:///{here}/there", id="existing file of any name"),
        pytest.param("other", "sqlite:///{here}/other/.nbmlops/store.db", id="project"),
        pytest.param("new", "sqlite:///{here}/new/.nbmlops/store.db", id="project to come"),
        pytest.param(".nbmlops", "sqlite:///{here}/.nbmlops/store.db", id="store's folder"),
        pytest.param("plain", "sqlite:///{here}/plain/store.db", id="folder with a store in it"),
        pytest.param(".", "sqlite:///{here}/.nbmlops/store.db", id="this folder"),
        pytest.param("~/x.db", "sqlite:///{home}/x.db", id="home"),
    ],
)
def test_url_of_whatever_a_user_gives_for_a_store(project, text, expected):
    (project / "there").write_bytes(b"")
    (project / "other").mkdir()
    (project / "plain").mkdir()
    (project / "plain" / "store.db").write_bytes(b"")
    assert as_url(text) == expected.format(here=project, home=Path.home())
    assert as_url(text, project) == as_url(text)


def test_url_of_a_file_is_absolute(project):
    assert sqlite_url(Path("x.db")) == f"sqlite:///{project}/x.db"


@pytest.mark.parametrize("problem", [KeyError("uid"), OSError("no name")], ids=["key", "os"])
def test_user_without_a_name_is_a_number(monkeypatch, problem):
    def no_name():
        raise problem

    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setattr(getpass, "getuser", no_name)
    monkeypatch.setattr(config, "_git_user", lambda folder: None)
    assert user_name() == str(os.getuid())


def test_user_of_a_hub_is_named_as_there(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "ada")
    assert user_name() == "ada"


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        pytest.param({"user.name": "Ada L.", "user.email": "ada@x.org"}, "Ada L.", id="name"),
        pytest.param({"user.email": "ada@x.org"}, "ada@x.org", id="address alone"),
        pytest.param({}, "login", id="nothing"),
    ],
)
def test_user_outside_of_a_hub_is_named_as_in_git_else_as_at_login(
    tmp_path, monkeypatch, known, expected
):
    monkeypatch.delenv("JUPYTERHUB_USER", raising=False)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setattr(getpass, "getuser", lambda: "login")
    monkeypatch.chdir(tmp_path)
    for key, value in known.items():
        subprocess.run(["git", "config", "--global", key, value], check=True)
    assert user_name() == expected
