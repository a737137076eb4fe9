"""From a file to the sentence that says what changed in the data, in a real kernel."""

import json
from pathlib import Path

import pandas as pd
import pytest

import nbmlops
from tests.kernels import Kernel

READ = "import pandas as pd\ndf = pd.read_csv('flights.csv')"
CLEAN = "clean = df.dropna()"
MEASURE = "mean_score = clean['delay'].mean()"


def write(path: Path, rows: int) -> None:
    frame = pd.DataFrame({
        "carrier": [["UA", "AA", "DL"][row % 3] for row in range(rows)],
        "delay": [None if row % 10 == 0 else row / 4 for row in range(rows)],
    })  # fmt: skip
    frame.to_csv(path, index=False)


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory):
    folder = tmp_path_factory.mktemp("project")
    (folder / ".nbmlops").mkdir()
    with Kernel(folder) as started:
        started.run("%load_ext nbmlops")
        for rows in (1000, 900):
            write(folder / "flights.csv", rows)
            for source in (READ, CLEAN, MEASURE):
                assert started.run(source).status == "ok"
        started.executions()  # everything is in the store
        yield started


def asked(kernel: Kernel, source: str) -> str:
    reply = kernel.run(f"%%nbmlops scratch\n{source}")
    assert reply.status == "ok", reply.content
    return reply.stdout


def test_a_run_names_its_data_and_the_file_it_came_from(kernel: Kernel):
    page = nbmlops.show("@1", store=kernel.url)
    data = {use["name"]: use for use in page.to_json()["data"]}
    assert data["df"]["role"] == "input"
    assert data["df"]["files"] == ["flights.csv"]
    assert data["clean"]["role"] == "derived"
    frame = pd.read_csv(kernel.folder / "flights.csv")
    assert data["df"]["digest"] == nbmlops.fingerprint(frame).digest
    assert data["clean"]["digest"] == nbmlops.fingerprint(frame.dropna()).digest
    text = str(page)
    assert "df 900×2" in text
    assert "flights.csv" in text


def test_a_comparison_says_what_changed_in_the_data(kernel: Kernel):
    comparison = nbmlops.compare("@2", "@1", store=kernel.url)
    assert "100 fewer rows" in comparison.sentence
    assert "100 fewer rows" in str(comparison)


def test_a_file_is_told_by_its_content(kernel: Kernel):
    files = nbmlops.show("@1", store=kernel.url).to_json()["files"]
    (file,) = [found for found in files if found["path"] == "flights.csv"]
    assert file["digest"] == nbmlops.fingerprint_file(kernel.folder / "flights.csv").digest
    assert file["role"] == "read"


def test_the_data_the_store_has_seen_is_listed(kernel: Kernel):
    listed = nbmlops.data(store=kernel.url).to_json()["data"]
    shapes = {(tuple(found["names"]), tuple(found["shape"] or ())) for found in listed}
    assert {(("df",), (1000, 2)), (("df",), (900, 2)), (("clean",), (900, 2))} <= shapes


def test_the_magic_answers_in_the_notebook(kernel: Kernel):
    reply = kernel.run("%nbmlops data df")
    assert reply.status == "ok"
    (shown,) = reply.of("display_data") or reply.of("execute_result")
    assert "delay" in shown["data"]["text/plain"]
    json.dumps(shown["data"])
