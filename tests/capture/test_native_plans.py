import polars as pl
import pytest

from nbmlops.capture.native_plans import files_of_plan

FRAME = pl.DataFrame({"a": [1]})


@pytest.fixture(autouse=True)
def files(project):
    for number in range(4):
        FRAME.write_parquet(f"part{number}.parquet")
    FRAME.write_csv("plain.csv")
    (project / "notes.txt").write_text("of something else")


PARTS = [f"part{number}.parquet" for number in range(4)]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(lambda: pl.scan_csv("plain.csv").select("a"), ["plain.csv"], id="one"),
        pytest.param(lambda: pl.scan_parquet(PARTS[:2]), PARTS[:2], id="two"),
        pytest.param(lambda: pl.scan_parquet("part*.parquet"), PARTS, id="more than it names"),
        pytest.param(lambda: pl.scan_csv("plain.csv").join(pl.scan_parquet(PARTS[0]), on="a"),
                     ["plain.csv", PARTS[0]], id="joined"),
        pytest.param(lambda: FRAME.lazy(), [], id="of a frame in memory"),
        pytest.param(lambda: FRAME, [], id="no lazy frame"),
        pytest.param(lambda: None, [], id="nothing"),
    ],
)  # fmt: skip
def test_a_plan_says_which_files_it_reads(made, expected):
    assert [*files_of_plan(made())] == expected
