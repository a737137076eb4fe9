import os
import time

import pytest

from tests.capture.watching import Watched

OLD = time.time() - 3_600


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    with Watched(tmp_path_factory.mktemp("start")) as started:
        started.unwatched(
            "import glob, io, os, pathlib, shutil, sqlite3, subprocess, tempfile, threading\n"
            "import concurrent.futures, mmap, json, zipfile, time\n"
            "from pathlib import Path"
        )
        yield started


@pytest.fixture
def watched(process, tmp_path):
    """A process in an empty folder but for `data.csv`, `empty.csv` and `folder/inner.csv`."""
    (tmp_path / "folder").mkdir()
    (tmp_path / "data.csv").write_text("a,b\n1,2\n")
    (tmp_path / "empty.csv").touch()
    (tmp_path / "folder/inner.csv").write_text("x\n")
    time.sleep(0.05)  # so that nothing was written in the tick of the clock in which cells start
    process.unwatched(f"os.chdir({str(tmp_path)!r})")
    process.folder = tmp_path
    return process


READS = {
    "open": "open('data.csv').read()",
    "open of bytes": "open(b'data.csv').read()",
    "an absolute path": "open(os.path.abspath('data.csv')).read()",
    "a winding path": "open('folder/..//./data.csv').read()",
    "Path.read_text": "Path('data.csv').read_text()",
    "io.FileIO of a Path": "io.FileIO(Path('data.csv')).read()",
    "os.open": "os.close(os.open('data.csv', os.O_RDONLY))",
    "mmap": "with open('data.csv', 'rb') as f: mmap.mmap(f.fileno(), 0, access=mmap.ACCESS_READ)",
    "twice": "open('data.csv').read(); open('data.csv').read()",
    "r+ without a change": "open('data.csv', 'r+').close()",
}


@pytest.mark.parametrize("source", READS.values(), ids=READS)
def test_a_file_is_read_by(watched, source):
    assert watched.cell(source) == ["read data.csv"]


WRITES = {
    "open": "open('new', 'w').close()",
    "open for binary": "open('new', 'wb').write(b'x')",
    "exclusively": "open('new', 'x').close()",
    "appending to nothing": "open('new', 'a').write('x')",
    "Path.write_text": "Path('new').write_text('x')",
    "Path.touch": "Path('new').touch()",
    "os.open": "os.close(os.open('new', os.O_WRONLY | os.O_CREAT))",
    "and then read": "open('new', 'w').write('x'); open('new').read()",
    "for reading too": "with open('new', 'w+') as f: f.write('x'); f.seek(0); f.read()",
    "a temporary file renamed": "open('tmp', 'w').write('x'); os.replace('tmp', 'new')",
    "NamedTemporaryFile kept": (
        "with tempfile.NamedTemporaryFile(dir='.', delete=False) as f: pass\n"
        "os.rename(f.name, 'new')"
    ),
    "symlink": "os.symlink('data.csv', 'new')",
    "zipfile": "zipfile.ZipFile('new', 'w').close()",
}


@pytest.mark.parametrize("source", WRITES.values(), ids=WRITES)
def test_a_file_is_written_by(watched, source):
    assert watched.cell(source) == ["written new"]


OTHERS = {
    "reading, then writing": (
        "text = open('data.csv').read(); open('data.csv', 'w').write(text + '3,4')",
        ["read data.csv", "written data.csv"],
    ),
    "appending": ("open('data.csv', 'a').write('3,4')", ["read data.csv", "written data.csv"]),
    "appending to an empty file": ("open('empty.csv', 'a').write('x')", ["written empty.csv"]),
    "appending nothing": ("open('data.csv', 'a').close()", ["read data.csv"]),
    "changing a part": (
        "with open('data.csv', 'r+') as f: f.write('x')",
        ["read data.csv", "written data.csv"],
    ),
    "writing over": ("open('data.csv', 'w').write('x')", ["written data.csv"]),
    "truncating": ("os.truncate('data.csv', 3)", ["read data.csv", "written data.csv"]),
    "removing": ("os.remove('data.csv')", ["removed data.csv"]),
    "Path.unlink": ("Path('data.csv').unlink()", ["removed data.csv"]),
    "renaming": (
        "os.rename('data.csv', 'new.csv')",
        ["read data.csv", "removed data.csv", "written new.csv"],
    ),
    "Path.rename": (
        "Path('data.csv').rename('new.csv')",
        ["read data.csv", "removed data.csv", "written new.csv"],
    ),
    "shutil.move": (
        "shutil.move('data.csv', 'folder')",
        ["read data.csv", "removed data.csv", "written folder/data.csv"],
    ),
    "moving a folder": (
        "os.rename('folder', 'new')",
        ["read folder", "removed folder", "written new"],
    ),
    "shutil.copy": ("shutil.copy('data.csv', 'new')", ["read data.csv", "written new"]),
    "os.link": ("os.link('data.csv', 'new')", ["read data.csv", "written new"]),
    "shutil.copytree": (
        "shutil.copytree('folder', 'copy')",
        ["listed folder", "made copy", "read folder/inner.csv", "written copy/inner.csv"],
    ),
    "shutil.rmtree": ("shutil.rmtree('folder')", ["removed folder"]),
    "shutil.make_archive": (
        "shutil.make_archive('new', 'zip', 'folder')",
        ["listed folder", "read folder/inner.csv", "written new.zip"],
    ),
    "os.listdir": ("os.listdir()", ["listed ."]),
    "os.scandir": ("list(os.scandir('folder'))", ["listed folder"]),
    "glob": ("glob.glob('folder/*.csv')", ["listed folder"]),
    "Path.glob": ("list(Path('folder').glob('*.csv'))", ["listed folder"]),
    "Path.iterdir": ("list(Path('folder').iterdir())", ["listed folder"]),
    "os.walk": ("list(os.walk('.'))", ["listed .", "listed folder"]),
    "mkdir": ("os.mkdir('new')", ["made new"]),
    "makedirs": ("os.makedirs('new/deep')", ["made new", "made new/deep"]),
    "mkdir of what may be there": ("Path('folder').mkdir(exist_ok=True)", []),
    "makedirs of what may be there": ("os.makedirs('folder', exist_ok=True)", []),
    "makedirs in what is there": ("os.makedirs('folder/new')", ["made folder/new"]),
    "mkdir in what may be there": (
        "Path('folder/new').mkdir(parents=True)",
        ["made folder/new"],
    ),
    "a folder made and filled": (
        "os.mkdir('new'); open('new/file', 'w').close(); os.listdir('new')",
        ["made new", "written new/file"],
    ),
    "a folder made, filled and renamed": (
        "os.mkdir('tmp'); open('tmp/file', 'w').close(); os.rename('tmp', 'new')",
        ["written new"],
    ),
    "what is not there": (
        "try: open('nowhere')\nexcept FileNotFoundError: pass",
        ["missed nowhere"],
    ),
    "reading after chdir": (
        "os.chdir('folder')\ntry: open('../data.csv').close()\nfinally: os.chdir('..')",
        ["looked at .", "looked at folder", "read data.csv"],
    ),
    "writing in vain": (
        "try: open('nowhere/new', 'w')\nexcept FileNotFoundError: pass",
        [],
    ),
    "removing what may be gone": ("Path('nowhere').unlink(missing_ok=True)", []),
    "removing a folder that may be gone": (
        "shutil.rmtree('nowhere', ignore_errors=True)",
        [],
    ),
    "a file made and removed": ("open('new', 'w').close(); os.remove('new')", []),
    "a temporary file": ("with tempfile.TemporaryFile() as f: f.write(b'x')", []),
    "a named temporary file": ("with tempfile.NamedTemporaryFile('w') as f: f.write('x')", []),
    "a temporary folder": (
        "with tempfile.TemporaryDirectory() as d:\n"
        "    Path(f'{d}/x').touch(); open(f'{d}/x').read()",
        [],
    ),
    "an open folder": ("os.close(os.open('folder', os.O_RDONLY))", []),
    "an open descriptor": ("r, w = os.pipe(); open(r).close(); open(w, 'w').close()", []),
    "the system's files": ("open('/proc/self/status').read(); open('/etc/hostname').read()", []),
    "Python's own": ("open(json.__file__).read(); os.listdir(os.path.dirname(json.__file__))", []),
    "folders of ours": ("os.mkdir('.nbmlops'); open('.nbmlops/x', 'w').close()", []),
    "a new database": (
        "c = sqlite3.connect('new.db'); c.execute('create table t(a)'); c.commit(); c.close()",
        ["written new.db"],
    ),
    "a database in memory": (
        "sqlite3.connect(':memory:').close(); sqlite3.connect('').close()\n"
        "sqlite3.connect('file:m?mode=memory', uri=True).close()",
        [],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), OTHERS.values(), ids=OTHERS)
def test_what_counts_as(watched, source, expected):
    assert sorted(watched.cell(source)) == expected


ASKED = {
    "exists": ("os.path.exists('data.csv')", ["looked at data.csv"]),
    "exists, in vain": ("os.path.exists('nowhere')", ["looked for nowhere"]),
    "lexists": ("os.path.lexists('data.csv')", ["looked at data.csv"]),
    "isfile": ("os.path.isfile('nowhere')", ["looked for nowhere"]),
    "isdir": ("os.path.isdir('folder')", ["looked at folder"]),
    "getsize": ("os.path.getsize('data.csv')", ["looked at data.csv"]),
    "getmtime of bytes": ("os.path.getmtime(b'data.csv')", ["looked at data.csv"]),
    "by a name for it": ("from os.path import exists; exists('nowhere')", ["looked for nowhere"]),
    "samefile": (
        "os.path.samefile('data.csv', 'empty.csv')",
        ["looked at data.csv", "looked at empty.csv"],
    ),
    "Path.exists": ("Path('nowhere').exists()", ["looked for nowhere"]),
    "Path.is_file": ("Path('data.csv').is_file()", ["looked at data.csv"]),
    "Path.is_dir": ("Path('folder').is_dir()", ["looked at folder"]),
    "Path.stat": ("Path('data.csv').stat().st_size", ["looked at data.csv"]),
    "Path.lstat": ("Path('data.csv').lstat()", ["looked at data.csv"]),
    "a pattern without a wildcard": ("glob.glob('nowhere')", ["looked for nowhere"]),
    "changing the directory": (
        "os.chdir('folder'); os.chdir('..')",
        ["looked at .", "looked at folder"],
    ),
    "changing the directory in vain": (
        "try: os.chdir('nowhere')\nexcept FileNotFoundError: pass",
        ["looked for nowhere"],
    ),
    "mkdir of what is there": (
        "try: os.mkdir('folder')\nexcept FileExistsError: pass",
        ["looked at folder"],
    ),
    "makedirs of what is there": (
        "try: os.makedirs('folder')\nexcept FileExistsError: pass",
        ["looked at folder"],
    ),
    "Path.mkdir of what is there": (
        "try: Path('folder').mkdir(parents=True)\nexcept FileExistsError: pass",
        ["looked at folder"],
    ),
    "copytree to what is there": (
        "os.mkdir('new')\n"
        "try: shutil.copytree('new', 'folder')\nexcept FileExistsError: pass",
        ["looked at folder", "made new"],
    ),
    "removing in vain": (
        "try: os.remove('nowhere')\nexcept FileNotFoundError: pass",
        ["looked for nowhere"],
    ),
    "renaming in vain": (
        "try: os.rename('nowhere', 'new')\nexcept FileNotFoundError: pass",
        ["missed nowhere"],
    ),
    "before reading": ("if os.path.exists('data.csv'): open('data.csv')", ["read data.csv"]),
    "before writing": (
        "if not os.path.exists('new'): open('new', 'w').close()",
        ["looked for new", "written new"],
    ),
    "after writing": ("open('new', 'w').close(); Path('new').exists()", ["written new"]),
    "after making": ("os.mkdir('new'); Path('new').is_dir()", ["made new"]),
    "what is Python's": ("os.path.exists(json.__file__); Path('/proc').exists()", []),
    "what is no path": ("os.path.exists(1); os.path.exists('\\0')", []),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), ASKED.values(), ids=ASKED)
def test_asking_whether_it_is_there(watched, source, expected):
    watched.unwatched("import warnings; warnings.simplefilter('ignore', ResourceWarning)")
    assert sorted(watched.cell(source)) == expected


def test_a_library_that_asks_counts_for_what_a_cell_wrote(watched):
    source = "tempfile.mktemp(dir='.', prefix='', suffix=''); shutil.disk_usage('.')\n"
    source += "shutil.which('./new')"
    assert watched.cell(source) == []
    watched.cell("open('new', 'w').close()")
    assert watched.cell(source) == ["looked at new"]


def test_millions_of_questions_are_few_that_count_and_the_next_cell_is_heard_again(watched):
    source = "for _ in range(20_000): os.path.exists('data.csv')\nos.path.exists('nowhere')"
    assert watched.cell(source) == ["looked at data.csv"]
    assert watched.cell("os.path.exists('nowhere')") == ["looked for nowhere"]


def test_reads_come_before_writes_in_the_order_of_the_cell(watched):
    source = "open('b', 'w'); open('data.csv'); open('a', 'w'); open('folder/inner.csv')"
    expected = ["read data.csv", "read folder/inner.csv", "written b", "written a"]
    watched.unwatched("import warnings; warnings.simplefilter('ignore', ResourceWarning)")
    assert watched.cell(source) == expected


def test_a_database_is_read_unless_it_changes(watched):
    watched.cell("c = sqlite3.connect('d.db'); c.execute('create table t(a)'); c.close()")
    time.sleep(0.05)
    select = "c = sqlite3.connect('d.db'); c.execute('select * from t').fetchall(); c.close()"
    assert watched.cell(select) == ["read d.db"]
    insert = (
        "c = sqlite3.connect('d.db'); c.execute('insert into t values (1)'); c.commit(); c.close()"
    )
    assert watched.cell(insert) == ["read d.db", "written d.db"]
    by_url = "c = sqlite3.connect('file:d.db?mode=ro', uri=True); c.close()"
    time.sleep(0.05)
    assert watched.cell(by_url) == ["read d.db"]


def test_a_database_whose_changes_are_in_its_log_is_written(watched):
    watched.cell(
        "c = sqlite3.connect('d.db'); c.execute('pragma journal_mode=wal').fetchall()\n"
        "c.execute('create table t(a)'); c.commit()"
    )
    time.sleep(0.05)
    assert watched.cell("c.execute('insert into t values (1)'); c.commit()") == ["written d.db-wal"]
    watched.unwatched("c.close()")


def test_what_is_written_through_an_open_file_later_is_written_by_the_later_cell(watched):
    assert watched.cell("log = open('log', 'w', buffering=1); log.write('one\\n')") == [
        "written log"
    ]
    assert watched.cell("pass") == []
    watched.unwatched("log.write('between two cells\\n')")
    assert watched.cell("pass") == []
    assert watched.cell("log.write('two\\n')") == ["written log"]
    assert watched.cell("log.close()") == []
    assert watched.cell("pass") == []


def test_the_stamp_of_a_read_is_the_one_before_the_cell_wrote(watched):
    before = (watched.folder / "data.csv").stat()
    touches = watched.touches("s = open('data.csv').read(); open('data.csv', 'w').write(s + 'x')")
    after = (watched.folder / "data.csv").stat()
    stamps = {role: stamp for _, role, _, _, stamp, _ in touches}
    assert stamps["read"][2:] == [before.st_size, before.st_mtime_ns, before.st_ctime_ns]
    assert stamps["written"][2:] == [after.st_size, after.st_mtime_ns, after.st_ctime_ns]


def test_folders_by_their_content_and_what_is_gone_have_no_stamp(watched):
    watched.unwatched("os.mkdir('other')")
    touches = watched.touches("os.remove('data.csv'); os.rename('folder', 'new')")
    assert {stamp for *_, stamp, _ in touches} == {None}


def test_a_relative_path_is_one_of_the_folder_of_the_moment(watched):
    source = (
        "open('data.csv').close(); os.chdir('folder')\n"
        "try: open('inner.csv').close(); open('data.csv', 'w').close()\n"
        "finally: os.chdir('..')\n"
        "open('data.csv').close()"
    )
    found = [word for word in watched.cell(source) if not word.startswith("looked")]
    assert found == ["read data.csv", "read folder/inner.csv", "written folder/data.csv"]


def test_a_cell_that_fails_has_done_what_it_did(watched):
    touches = watched.touches("open('data.csv').read(); 1 / 0", error="ZeroDivisionError")
    assert [watched.word(*touch) for touch in touches] == ["read data.csv"]


THREADS = {
    "a thread": "t = threading.Thread(target=lambda: open('data.csv').read()); t.start(); t.join()",
    "a pool": (
        "with concurrent.futures.ThreadPoolExecutor(2) as pool:\n"
        "    list(pool.map(lambda _: open('data.csv').read(), range(10)))"
    ),
    "_thread": (
        "import _thread; lock = _thread.allocate_lock(); lock.acquire()\n"
        "_thread.start_new_thread(lambda: (open('data.csv').read(), lock.release()), ())\n"
        "lock.acquire()"
    ),
}


@pytest.mark.parametrize("source", THREADS.values(), ids=THREADS)
def test_what_threads_of_the_cell_do_is_the_cells(watched, source):
    assert watched.cell(source) == ["read data.csv"]


def test_a_pool_of_an_earlier_cell_works_for_the_one_that_runs(watched):
    watched.cell("pool = concurrent.futures.ThreadPoolExecutor(1); pool.submit(int).result()")
    assert watched.cell("pool.submit(Path('data.csv').read_text).result()") == ["read data.csv"]
    watched.unwatched("pool.shutdown()")


def test_our_own_threads_do_not_count(watched):
    source = (
        "t = threading.Thread(target=Path('data.csv').read_text, name='nbmlops-values')\n"
        "t.start(); t.join()"
    )
    assert watched.cell(source) == []


TWO_AT_ONCE = """
ready, go, both = threading.Event(), threading.Event(), {}
def other_cell():
    watcher.started()
    ready.set(); go.wait()
    inner = threading.Thread(target=Path('folder/inner.csv').read_text)
    inner.start(); inner.join()
    both['other'] = [touch.path for touch in watcher.ended()]
t = threading.Thread(target=other_cell); t.start(); ready.wait()
inner = threading.Thread(target=Path('data.csv').read_text); inner.start(); inner.join()
go.set(); t.join()
assert both['other'] == [os.path.abspath('folder/inner.csv')], both
"""


def test_of_two_cells_at_once_each_has_what_its_threads_do(watched):
    assert watched.cell(TWO_AT_ONCE) == ["read data.csv"]


def test_what_a_child_process_does_is_not_seen_and_harms_nothing(watched):
    source = (
        "import warnings; warnings.simplefilter('ignore')\n"
        "pid = os.fork()\n"
        "if pid == 0:\n    open('data.csv').read(); os._exit(0)\n"
        "assert os.waitpid(pid, 0)[1] == 0"
    )
    assert watched.cell(source) == []


def test_many_files_of_a_folder_are_told_as_the_folder(watched):
    (watched.folder / "images").mkdir()
    for number in range(1_200):
        (watched.folder / f"images/{number}").write_text("x")
    source = (
        "for number in range(1_200): open(f'images/{number}').close()\nopen('data.csv').close()"
    )
    assert watched.cell(source) == ["read images", "read data.csv"]


def test_files_of_very_many_folders_are_told_as_the_folders_above(watched):
    for number in range(1_100):
        (watched.folder / f"deep/{number}").mkdir(parents=True)
        for name in "ab":
            (watched.folder / f"deep/{number}/{name}").touch()
    source = (
        "for number in range(1_100):\n"
        "    open(f'deep/{number}/a').close(); open(f'deep/{number}/b').close()"
    )
    assert watched.cell(source) == ["read deep"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ("open('new', 'w').close()", ["written new"]),
        ("os.mkdir('new')", ["made new"]),
        ("os.remove('data.csv')", ["removed data.csv"]),
    ],
)
def test_reading_however_many_files_hides_nothing_that_was_written(watched, more, expected):
    for number in range(1_100):
        (watched.folder / f"deep/{number}/below").mkdir(parents=True)
        (watched.folder / f"deep/{number}/below/a").touch()
    reads = "for number in range(1_100): open(f'deep/{number}/below/a').close()"
    found = watched.cell(f"{reads}\n{more}")
    assert len(found) == 1_000
    assert [each for each in found if not each.startswith("read")] == expected


def test_of_very_many_listings_those_near_the_root_stay(watched):
    for number in range(1_100):
        (watched.folder / f"folder/{number}").mkdir()
    found = watched.cell("list(os.walk('.'))")
    assert len(found) == 1_000
    assert found[:2] == ["listed .", "listed folder"]


def test_nothing_is_noted_between_cells(watched):
    watched.unwatched("open('data.csv').read()")
    assert watched.cell("pass") == []


ODD = """
import sys
for path in (object(), "a\\0b", None, "x" * 9_999, b"\\xff", 7, []):
    sys.audit("open", path, "r", 0)
    sys.audit("os.listdir", path)
    sys.audit("sqlite3.connect", path)
    sys.audit("os.rename", path, path, -1, -1)
for event in ("open", "os.rename", "os.mkdir", "sqlite3.connect", "_thread.start_new_thread"):
    sys.audit(event)
    sys.audit(event, 1, 2, 3, 4, 5, 6)
"""


def test_events_of_any_content_harm_nothing(watched):
    assert watched.cell(ODD) is not None


ASKED = """
import polars as pl
class Odd:
    @property
    def __class__(self): asked.append("class"); return str
    def __fspath__(self): return "data.csv"
asked = []
for take in (open, os.listdir, os.path.exists, Path, os.remove, os.mkdir, pl.read_csv, pl.scan_csv):
    try: take(Odd())
    except Exception: pass
open("asked.csv", "w").write(str(len(asked)))
"""


def test_paths_are_not_asked_for_their_class(watched):
    asked = watched.folder / "asked.csv"
    watched.unwatched(ASKED)
    unwatched = asked.read_text()
    (watched.folder / "data.csv").touch()
    watched.cell(ASKED)
    assert asked.read_text() == unwatched


TAKEN_AWAY = """
tool = next(each for each in range(6) if sys.monitoring.get_tool(each) == "nbmlops files")
sys.monitoring.free_tool_id(tool)
"""


@pytest.mark.parametrize("then", ["", "sys.monitoring.use_tool_id(tool, 'theirs')"])
def test_without_its_tool_id_the_watcher_takes_another_and_closes_wholly(
    tmp_path, run_python, then
):
    script = f"""
import os, sys
from nbmlops.capture import file_threads
from nbmlops.capture.files import TouchedFiles
os.chdir(sys.argv[1])
finders, tools = list(sys.meta_path), [*map(sys.monitoring.get_tool, range(6))]
watcher = TouchedFiles()
def cell(source):
    watcher.started()
    exec(source)
    return [(os.path.basename(touch.path), touch.role) for touch in watcher.ended()]
print(cell("os.path.exists('asked')"))
{TAKEN_AWAY}
{then}
print(cell("os.path.exists('asked'); open('file', 'w').close()"))
{TAKEN_AWAY}
watcher.close()
print(sys.meta_path == finders, "nbmlops files" in map(sys.monitoring.get_tool, range(6)))
print(cell("open('file', 'w').close()"), file_threads.RUNNING.all)
watcher.close()
"""
    assert run_python(script, tmp_path).splitlines() == [
        "[('asked', 'read')]",
        "[('asked', 'read'), ('file', 'written')]",
        "True False",
        "[('file', 'written')] ()",
    ]


def test_the_user_folder_is_left_out_only_where_it_is_ours(tmp_path, run_python):
    script = """
    import sys
    from pathlib import Path
    from nbmlops.capture.files import TouchedFiles
    ours, theirs = Path(sys.argv[1], "store"), Path(sys.argv[1], "store2")
    ours.mkdir(); theirs.mkdir()
    watcher = TouchedFiles([ours])
    watcher.started()
    for folder in (ours, theirs):
        (folder / "file").write_text("x")
    print([touch.path for touch in watcher.ended()])
    """
    assert run_python(script, tmp_path) == str([f"{tmp_path}/store2/file"])


def test_after_closing_nothing_is_noted(tmp_path, run_python):
    script = """
    import sys
    from nbmlops.capture import file_threads
    from nbmlops.capture.files import TouchedFiles
    finders = list(sys.meta_path)
    watcher = TouchedFiles()
    watcher.started()
    assert sys.meta_path != finders
    watcher.close()
    open(sys.argv[1], "w").close()
    print(watcher.ended(), file_threads.RUNNING.all, sys.meta_path == finders)
    """
    assert run_python(script, tmp_path / "file") == "() () True"


def test_a_watcher_that_closes_leaves_those_of_others_alone(tmp_path, run_python):
    script = """
    import sys, threading
    from nbmlops.capture.files import TouchedFiles
    one, other = TouchedFiles(), TouchedFiles()
    def run(work):
        thread = threading.Thread(target=work)
        thread.start(); thread.join()
    one.started()
    run(other.started)
    other.close()
    open(sys.argv[1], "w").close()
    print([touch.role for touch in one.ended()])
    """
    assert run_python(script, tmp_path / "file") == "['written']"


def test_times_of_files_do_not_change(watched):
    os.utime(watched.folder / "data.csv", (OLD, OLD))
    watched.cell("open('data.csv', 'a').close()")
    assert (watched.folder / "data.csv").stat().st_mtime == pytest.approx(OLD)
