"""A store that is deleted below a living session."""

import shutil

import pytest

from tests.kernels import FLUSH, Kernel, metrics_of


@pytest.mark.parametrize("again", ["%reload_ext nbmlops", "%nbmlops on"])
def test_deleted_store_is_told_once_and_recording_starts_anew(tmp_path, again):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as kernel:
        kernel.run("%load_ext nbmlops")
        kernel.run("auc = 0.1")
        assert kernel.ask(FLUSH)
        shutil.rmtree(tmp_path / ".nbmlops")
        heard = kernel.run("auc = 0.2")
        assert (heard.status, heard.lines) == ("ok", [])
        assert "was deleted or moved" in heard.stderr
        assert "%nbmlops on" in heard.stderr
        after = kernel.run("auc = 0.3")
        assert (after.status, after.lines, after.stderr) == ("ok", [], "")
        told = kernel.run("import nbmlops\nprint(nbmlops.status())").stdout
        assert "cells are not recorded; %nbmlops on goes on" in told
        kernel.run(again)
        kernel.run("auc = 0.4")
        assert [metrics_of(run) for run in kernel.runs()] == [{"auc": 0.4}]
