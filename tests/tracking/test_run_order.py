"""What is read to tell in which order a run's executions ran."""

import socket

from nbmlops.capture.file_threads import is_own_thread
from nbmlops.records import Session
from nbmlops.tracking import run_order
from nbmlops.tracking.notebook_file import NotebookFile


def test_the_notebook_is_no_data_of_the_cell_that_shows_a_run(monkeypatch):
    read_by_us = []

    def read(path):
        read_by_us.append(is_own_thread())
        return NotebookFile(path)

    monkeypatch.setattr(run_order, "notebook_file", read)
    session = Session("s", 1.0, "jupyter", "e", notebook="/w/n.ipynb", host=socket.gethostname())
    assert run_order.notebook_of(session) == NotebookFile("/w/n.ipynb")
    assert read_by_us == [True]
    assert not is_own_thread()
