"""What the panel says where not all is as it needs it: it invites, or tells what to do."""

import contextlib
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.labs import running_lab
from tests.browser.stage import MEASURING, Stage, write_notebook
from tests.kernels import clean_environment


def test_a_server_without_nbmlops_says_how_to_enable_it(
    browser: Browser, tmp_path_factory: pytest.TempPathFactory
):
    with running_lab(tmp_path_factory.mktemp("bare"), has_nbmlops=False) as lab:
        stage = Stage(browser.new_page(), lab)
        stage.enter("bare")
        stage.command("nbmlops:show-panel")
        expect(stage.panel.get_by_role("alert")).to_contain_text(
            "jupyter server extension enable nbmlops"
        )
        expect(stage.panel.get_by_text("No runs yet")).to_have_count(0)
        assert stage.faults == []
        stage.page.close()


def test_a_project_without_a_store_invites_to_the_first_run(stage: Stage, project: Path):
    (project / ".nbmlops").rmdir()
    write_notebook(project / "first.ipynb", MEASURING)
    stage.open(f"{project.name}/first.ipynb")
    stage.tab("Now")
    expect(stage.panel.get_by_text("%load_ext nbmlops")).to_be_visible()
    stage.tab("Runs")
    expect(stage.panel.get_by_text("No runs yet")).to_be_visible()
    expect(stage.panel.get_by_text("%load_ext nbmlops")).to_be_visible()
    stage.tab("Data")
    expect(stage.panel.get_by_text("No data yet")).to_be_visible()
    assert not (project / ".nbmlops").exists()  # looking makes nothing


def test_a_run_that_somebody_deleted_leaves_the_list(stage: Stage, runs: str, project: Path):
    stage.read(runs)
    stage.tab("Runs")
    stage.found.get_by_role("button", name="baseline").click()
    expect(stage.view).to_contain_text("Metrics")
    delete(project, "baseline")
    stage.tab("Runs")
    expect(stage.found).to_have_count(2)
    expect(stage.view.get_by_role("status")).to_contain_text("in the trash")
    stage.view.get_by_role("button", name="Take it out").click()
    expect(stage.found).to_have_count(3)
    forget(project, "baseline")
    expect(stage.view.get_by_role("alert")).to_contain_text("there is no run")
    expect(stage.view).to_contain_text("Metrics")  # what was known of it
    stage.view.get_by_role("button", name="All runs").click()
    expect(stage.view.get_by_role("row")).to_have_count(3)


def test_a_store_of_a_later_version_is_told_until_it_can_be_read(
    stage: Stage, runs: str, project: Path
):
    file = project / ".nbmlops" / "store.db"
    stage.read(runs)
    stage.tab("Runs")
    expect(stage.found).to_have_count(3)
    with contextlib.closing(sqlite3.connect(file)) as store, store:
        [version] = store.execute("PRAGMA user_version").fetchone()
        [revision] = store.execute("SELECT version_num FROM alembic_version").fetchone()
        store.execute("UPDATE alembic_version SET version_num = '9999'")
        store.execute("PRAGMA user_version = 9999")
    stage.tab("Runs")  # who looks need not wait for the next look
    expect(stage.panel.get_by_role("alert").first).to_contain_text("later nbmlops")
    expect(stage.panel.get_by_text("pip install --upgrade nbmlops", exact=True)).to_be_visible()
    with contextlib.closing(sqlite3.connect(file)) as store, store:
        store.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        store.execute(f"PRAGMA user_version = {version}")
    stage.page.wait_for_timeout(2_100)  # for which the server does not try again
    stage.tab("Now")
    stage.tab("Runs")
    expect(stage.found).to_have_count(3)


def test_a_kernel_that_began_anew_or_is_gone_leaves_its_runs_and_no_claim_to_record(
    stage: Stage, project: Path
):
    write_notebook(project / "gone.ipynb", MEASURING)
    stage.open(f"{project.name}/gone.ipynb")
    stage.record()
    stage.run_all()
    stage.marked("recorded", "recorded", "result")
    stage.restart()
    expect(stage.panel).to_contain_text("This is what ran before")
    stage.run(0, "1 + 1")
    stage.marked("unrecorded", "recorded", "result")
    stage.record()
    expect(stage.panel.get_by_role("listitem")).to_have_count(0)
    stage.lab.end_kernels()
    expect(stage.panel.get_by_text("● recording")).to_have_count(0)
    stage.tab("Runs")
    expect(stage.found).to_have_count(1)
    expect(stage.found).to_contain_text("accuracy 0.9")


def test_a_kernel_of_another_language_is_named(stage: Stage, project: Path):
    write_notebook(project / "other.ipynb", {"only": "hello"}, kernel="echo")
    stage.open(f"{project.name}/other.ipynb")
    stage.tab("Now")
    expect(stage.panel).to_contain_text("This kernel speaks echo")
    expect(stage.panel.get_by_role("button", name="Record")).to_have_count(0)


def test_a_notebook_without_a_kernel_is_told_to_choose_one(stage: Stage, project: Path):
    write_notebook(project / "still.ipynb", {"only": "1 + 1"})
    stage.read(f"{project.name}/still.ipynb")
    stage.tab("Now")
    expect(stage.panel).to_contain_text("This notebook has no kernel")
    expect(stage.panel.get_by_role("button", name="Record")).to_have_count(0)


def test_a_notebook_outside_the_root_is_refused_in_words(
    stage: Stage, project: Path, tmp_path: Path
):
    (project / "away").symlink_to(tmp_path)
    write_notebook(tmp_path / "away.ipynb", {"only": "1 + 1"})
    stage.open(f"{project.name}/away/away.ipynb")
    stage.tab("Runs")
    expect(stage.panel.get_by_role("alert").first).to_contain_text("outside")


def test_runs_are_those_of_the_notebook_in_front(stage: Stage, runs: str, project: Path):
    other = project.with_name("other-project")
    (other / ".nbmlops").mkdir(parents=True)
    write_notebook(other / "empty.ipynb", {"only": "1 + 1"})
    stage.read(runs)
    stage.tab("Runs")
    expect(stage.found).to_have_count(3)
    stage.found.first.get_by_role("checkbox").check()
    stage.open(f"{other.name}/empty.ipynb")
    expect(stage.panel.get_by_text("No runs yet")).to_be_visible()
    stage.read(runs)
    expect(stage.found).to_have_count(3)


def delete(project: Path, run: str) -> None:
    """Delete a run as somebody else does, in a terminal."""
    _said(project, "delete", run)


def forget(project: Path, run: str) -> None:
    """Remove a run for good, as somebody else does."""
    _said(project, "forget", run)


def _said(project: Path, *words: str) -> None:
    subprocess.run(
        [sys.executable, "-m", "nbmlops", *words],
        cwd=project, env=clean_environment(), check=True, timeout=60,
    )  # fmt: skip
