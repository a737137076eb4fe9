"""What a run was made in: packages by their distributions, local modules, git, settings."""

import importlib
import importlib.metadata
import importlib.util
import json
import os
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from types import ModuleType

import pytest

from nbmlops.capture.environment import environment_document, imported_packages, local_modules
from nbmlops.store.blobs import LocalBlobs


@pytest.fixture
def blobs(tmp_path):
    return LocalBlobs(tmp_path / "blobs")


@pytest.fixture
def environment(project, blobs):
    """Return the environment of the project as it is read back."""
    return lambda: json.loads(environment_document(project, blobs.put))


@pytest.fixture
def local(project, monkeypatch):
    """Write a module into the project and import it."""

    def imported(name, source):
        (project / f"{name}.py").write_text(source)
        monkeypatch.syspath_prepend(project)
        monkeypatch.delitem(sys.modules, name, raising=False)
        module = importlib.import_module(name)
        monkeypatch.setitem(sys.modules, name, module)
        return module

    return imported


@pytest.fixture
def git(project, monkeypatch):
    """Run git in the project, with no settings of whoever runs the tests."""
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, os.devnull)

    def run(*arguments):
        identity = ["-c", "user.name=Ada", "-c", "user.email=ada@example.org"]
        command = ["git", *identity, *arguments]
        done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=True)
        return done.stdout.strip()

    return run


@pytest.mark.parametrize(
    ("module", "distribution"),
    [
        pytest.param("sklearn", "scikit-learn", id="scikit-learn"),
        pytest.param("PIL", "pillow", id="pillow"),
        pytest.param("yaml", "PyYAML", id="PyYAML"),
        pytest.param("dateutil", "python-dateutil", id="python-dateutil"),
        pytest.param("numpy", "numpy", id="same name"),
        pytest.param("jupyter_client", "jupyter-client", id="underscore"),
    ],
)
def test_package_is_found_by_the_name_of_its_distribution(module, distribution):
    imported = importlib.import_module(module)
    found = imported_packages({module: imported, f"{module}.inner": imported})
    assert {name.lower().replace("_", "-"): version for name, version in found.items()} == {
        distribution.lower(): importlib.metadata.version(distribution)
    }


@pytest.mark.parametrize(
    ("metadata", "text"),
    [
        pytest.param("top_level.txt", "other\nstrange\n", id="top_level"),
        pytest.param("RECORD", "strange/__init__.py,sha256=x,1\n", id="record of a package"),
        pytest.param("RECORD", "odd.txt,,\nstrange.py,sha256=x,1\n", id="record of a module"),
    ],
)
def test_module_named_otherwise_than_its_distribution_is_found_by_metadata(
    tmp_path, monkeypatch, metadata, text
):
    folder = tmp_path / "site-packages"
    info = folder / "Odd_Name-1.2.dist-info"
    info.mkdir(parents=True)
    (info / metadata).write_text(text)
    (folder / "strange.py").write_text("")
    monkeypatch.syspath_prepend(folder)
    module = importlib.import_module("strange")
    monkeypatch.delitem(sys.modules, "strange")
    assert imported_packages({"strange": module}) == {"Odd-Name": "1.2"}


def test_of_two_versions_the_first_on_the_path_is_the_one_imported(tmp_path, monkeypatch):
    for version in ("1.0", "2.0"):  # each before those on the path
        folder = tmp_path / version
        (folder / f"doubled-{version}.dist-info").mkdir(parents=True)
        monkeypatch.syspath_prepend(folder)
    assert imported_packages({"doubled": ModuleType("doubled")}) == {"doubled": "2.0"}


class Touchy(ModuleType):
    """A module that must not be asked, as one that loads when it is used."""

    def __getattribute__(self, name):
        raise RuntimeError(name)


@pytest.mark.parametrize(
    "module",
    [
        pytest.param(Touchy("touchy"), id="attributes fail"),
        pytest.param(None, id="blocked import"),
        pytest.param(object(), id="no module"),
    ],
)
def test_module_is_not_asked_for_its_attributes(project, module):
    modules = {"touchy": module}
    assert imported_packages(modules) == {}
    assert [*local_modules(modules, project)] == []


def test_lazy_module_is_not_executed(project, monkeypatch):
    path = project / "lazy_code.py"
    path.write_text("raise RuntimeError")
    loader = importlib.util.LazyLoader(SourceFileLoader("lazy_code", str(path)))
    spec = importlib.util.spec_from_file_location("lazy_code", path, loader=loader)
    module = importlib.util.module_from_spec(spec)
    loader.exec_module(module)
    assert [*local_modules({"lazy_code": module}, project)] == [("lazy_code.py", path)]


def test_standard_library_and_own_modules_are_no_packages(local):
    module = local("model_code", "x = 1")
    assert imported_packages({"json": json, "model_code": module, "__main__": module}) == {}


def test_only_packages_that_were_imported_are_listed(run_python):
    script = """
        import json, pathlib, yaml
        from nbmlops.capture.environment import environment_document
        document = environment_document(pathlib.Path.cwd(), lambda data: "")
        print(json.dumps(sorted(json.loads(document)["packages"])))
    """
    found = [name.lower() for name in json.loads(run_python(script))]
    assert "pyyaml" in found
    assert not {"pandas", "scikit-learn", "matplotlib"} & set(found)


def test_what_nbmlops_loads_to_answer_does_not_change_the_environment(run_python, tmp_path):
    script = """
        import pathlib, sys
        import IPython, nbmlops.store.sql  # what every recording kernel has loaded
        from nbmlops.capture.environment import environment_document
        def taken(): return environment_document(pathlib.Path(sys.argv[1]), lambda data: "")
        before = taken()
        import nbmlops.magics, nbmlops.drawing.terminal, nbmlops.drawing.html
        print(before == taken())
    """
    assert run_python(script, tmp_path) == "True"


def test_source_of_local_modules_is_kept(environment, local, blobs):
    local("features", "RATE = 0.5\n")
    modules = environment()["modules"]
    assert [*modules] == ["features.py"]
    assert blobs.get(modules["features.py"]) == b"RATE = 0.5\n"


def test_module_that_was_deleted_after_its_import_is_left_out(environment, local, project):
    local("fleeting", "x = 1")
    (project / "fleeting.py").unlink()
    assert environment()["modules"] == {}


def test_installed_modules_are_not_local_where_the_project_holds_its_environment():
    modules = {"yaml": importlib.import_module("yaml")}
    assert [*local_modules(modules, Path(sys.prefix).parent)] == []


def test_outside_a_repository_git_is_null(environment):
    assert environment()["git"] is None


def test_without_git_on_the_path_git_is_null(environment, git, monkeypatch, tmp_path):
    git("init")
    git("commit", "--allow-empty", "-m", "first")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert environment()["git"] is None


def test_repository_without_a_commit_is_none_yet(environment, git):
    git("init")
    assert environment()["git"] is None


@pytest.fixture
def repository(git, project):
    (project / "train.py").write_text("rate = 0.1\n")
    git("init", "--initial-branch", "trial")
    git("add", "train.py")
    git("commit", "-m", "first")
    return project


def test_clean_repository_has_commit_and_branch_and_no_patch(environment, repository, git):
    (repository / "untracked.txt").write_text("not of the repository")
    assert environment()["git"] == {
        "commit": git("rev-parse", "HEAD"), "branch": "trial", "is_dirty": False,
    }  # fmt: skip


def test_patch_of_a_dirty_repository_restores_its_state(environment, repository, git, blobs):
    (repository / "train.py").write_text("rate = 0.2  # größer\n")
    state = environment()["git"]
    assert state["is_dirty"]
    git("stash")
    (repository / "change.patch").write_bytes(blobs.get(state["patch"]))
    git("apply", "change.patch")
    assert (repository / "train.py").read_text() == "rate = 0.2  # größer\n"


def test_staged_changes_are_in_the_patch_whatever_git_is_set_to(
    environment, repository, git, blobs
):
    git("config", "color.ui", "always")
    git("config", "diff.external", "false")
    (repository / "train.py").write_text("rate = 0.3\n")
    git("add", "train.py")
    assert b"\n+rate = 0.3\n" in blobs.get(environment()["git"]["patch"])


def test_detached_head_has_no_branch(environment, repository, git):
    git("checkout", "--detach")
    assert environment()["git"]["branch"] is None


def test_huge_patch_is_left_out_and_its_size_told(environment, repository):
    (repository / "train.py").write_text("x = 1\n" * 200_000)
    state = environment()["git"]
    assert "patch" not in state
    assert state["patch_left_out"].endswith(" bytes")


def test_settings_that_change_results_are_kept_and_nothing_else(environment, monkeypatch):
    monkeypatch.setenv("OMP_NUM_THREADS", "3")
    monkeypatch.setenv("API_TOKEN", "hidden")
    content = environment()
    assert content["variables"]["OMP_NUM_THREADS"] == "3"
    assert "hidden" not in json.dumps(content)


def test_same_environment_gives_the_same_text(project, blobs, local):
    local("features", "x = 1")
    assert environment_document(project, blobs.put) == environment_document(project, blobs.put)
