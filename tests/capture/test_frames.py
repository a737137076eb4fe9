import sys

import pandas as pd

from nbmlops.capture.frames import is_frame


def test_columns_are_followed_only_where_frames_copy_on_write(monkeypatch):
    frame = pd.DataFrame({"a": [1]})
    assert is_frame(frame)
    monkeypatch.setattr(pd, "__version__", "2.3.1")
    assert not is_frame(frame)
    monkeypatch.delitem(sys.modules, "pandas")
    assert not is_frame(frame)
