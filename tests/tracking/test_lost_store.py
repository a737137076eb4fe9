"""A store that is deleted below a living session."""

import shutil

from tests.kernels import FLUSH, Kernel, metrics_of

# What is told when the cell ends.
UNTOLD = "__import__('nbmlops.tracking.current').tracking.current.tracker()._telling._untold"


def test_deleted_store_is_told_once_and_loading_again_starts_anew(tmp_path):
    (tmp_path / ".nbmlops").mkdir()
    with Kernel(tmp_path) as kernel:
        kernel.run("%load_ext nbmlops")
        kernel.run("auc = 0.1")
        assert kernel.ask(FLUSH)
        shutil.rmtree(tmp_path / ".nbmlops")
        heard = kernel.run(f"import time\nauc = 0.2\nwhile not {UNTOLD}: time.sleep(0.01)")
        assert "was deleted" in heard.stderr
        assert "%reload_ext nbmlops" in heard.stderr
        after = kernel.run("auc = 0.3")
        assert (after.status, after.lines, after.stderr) == ("ok", [], "")
        kernel.run("%reload_ext nbmlops")
        kernel.run("auc = 0.4")
        assert [metrics_of(run) for run in kernel.runs()] == [{"auc": 0.4}]
