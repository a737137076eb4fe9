"""What child processes wrote is found by looking around the notebook."""

import pytest

from tests.capture.watching import Watched


@pytest.fixture(scope="module")
def process(tmp_path_factory):
    with Watched(tmp_path_factory.mktemp("start")) as started:
        started.unwatched(
            "import multiprocessing, os, subprocess, sys, threading, time, warnings\n"
            "warnings.simplefilter('ignore')\n"
            "def child(source, **more):\n"
            "    subprocess.run([sys.executable, '-c', source], check=True, **more)"
        )
        yield started


@pytest.fixture
def watched(process, tmp_path):
    """A process in a folder with `data.csv`, `folder/inner.csv` and `folder/deep/deeper`."""
    (tmp_path / "data.csv").write_text("a\n")
    (tmp_path / "folder/deep/deeper").mkdir(parents=True)
    (tmp_path / "folder/inner.csv").write_text("x\n")
    process.unwatched(f"os.chdir({str(tmp_path)!r})")
    process.folder = tmp_path
    return process


STARTED = {
    "subprocess": ('child(\'open("new", "w")\')', ["written new"]),
    "a shell": ("subprocess.run('echo x > new', shell=True)", ["written new"]),
    "os.system": ("os.system('echo x > new')", ["written new"]),
    "os.posix_spawn": (
        "os.waitpid(os.posix_spawn('/bin/sh', ['sh', '-c', 'echo x > new'], os.environ), 0)",
        ["written new"],
    ),
    "os.fork": (
        "pid = os.fork()\nif not pid: open('new', 'w').close(); os._exit(0)\nos.waitpid(pid, 0)",
        ["written new"],
    ),
    "a process of multiprocessing": (
        "p = multiprocessing.get_context('fork').Process(target=open, args=('new', 'w'))\n"
        "p.start(); p.join()",
        ["written new"],
    ),
    "in a thread": (
        "t = threading.Thread(target=os.system, args=('echo x > new',)); t.start(); t.join()",
        ["written new"],
    ),
}


@pytest.mark.parametrize(("source", "expected"), STARTED.values(), ids=STARTED)
def test_who_starts_a_process_has_written_its_files(watched, source, expected):
    assert watched.cell(source) == expected


DONE = {
    "writing over": ("echo x > data.csv", ["written data.csv"]),
    "appending": ("echo x >> data.csv", ["written data.csv"]),
    "removing": ("rm data.csv", ["removed data.csv"]),
    "moving": ("mv data.csv new", ["removed data.csv", "written new"]),
    "making a folder": ("mkdir new", ["made new"]),
    "filling a folder": ("mkdir new; echo x > new/file", ["made new", "written new/file"]),
    "removing a folder": (
        "rm -r folder",
        ["removed folder", "removed folder/deep", "removed folder/inner.csv"],
    ),
    "in a folder": ("echo x > folder/new", ["written folder/new"]),
    "too deep": ("echo x > folder/deep/new", []),
    "in a hidden folder": ("mkdir .cache; echo x > .cache/new", []),
    "a notebook": ("echo x > saved.ipynb", []),
    "compiled code": ("mkdir __pycache__; echo x > __pycache__/new.pyc", []),
    "elsewhere": ("echo x > /dev/null", []),
    "reading": ("cat data.csv", []),
    "nothing": ("true", []),
}


@pytest.mark.parametrize(("command", "expected"), DONE.values(), ids=DONE)
def test_what_a_child_does(watched, command, expected):
    source = f"subprocess.run({command!r}, shell=True, stdout=subprocess.DEVNULL)"
    assert sorted(watched.cell(source)) == expected


def test_what_the_cell_itself_does_is_told_once(watched):
    source = (
        "os.system('echo x > new')\n"
        "os.mkdir('own'); open('own/file', 'w').close(); open('new', 'a').write('y')"
    )
    assert sorted(watched.cell(source)) == ["made own", "written new", "written own/file"]


def test_what_a_child_wrote_before_the_cell_read_it_is_not_read(watched):
    source = "os.system('echo x > new; echo x > data.csv'); open('new').read(); open('data.csv')"
    assert sorted(watched.cell(source)) == ["written data.csv", "written new"]
    assert sorted(watched.cell(source)) == ["written data.csv", "written new"]
    source = "open('data.csv').read(); os.system('echo x > data.csv')"
    assert watched.cell(source) == ["read data.csv", "written data.csv"]


def test_what_was_written_before_the_first_process_is_not_the_childs(watched):
    source = "import pathlib; pathlib.Path('a').touch(); os.remove('a'); os.system('echo > b')"
    assert watched.cell(source) == ["written b"]


def test_a_cell_without_a_process_does_not_look(watched):
    (watched.folder / "by_somebody").touch()
    assert watched.cell("import pathlib") == []
    source = "open('/proc/self/status').close(); os.utime('data.csv', (1, 1))"
    assert watched.cell(source) == []


def test_a_child_that_begins_in_another_folder_is_followed(watched, tmp_path_factory):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (word,) = watched.cell(f'child(\'open("new", "w")\', cwd={str(elsewhere)!r})')
    assert word == f"written {elsewhere}/new"


def test_the_projects_folder_is_looked_at_from_a_folder_in_it(tmp_path, run_python):
    script = """
    import os, sys
    from pathlib import Path
    from nbmlops.capture.files import TouchedFiles
    project = Path(sys.argv[1])
    (project / "notebooks").mkdir()
    os.chdir(project / "notebooks")
    watcher = TouchedFiles(project=project)
    watcher.started()
    os.system("echo x > ../new")
    print([touch.path for touch in watcher.ended()])
    """
    assert run_python(script, tmp_path) == str([f"{tmp_path}/new"])


def test_among_very_many_files_the_written_one_is_found(watched):
    for number in range(2_500):
        (watched.folder / f"folder/{number}").touch()
    assert watched.cell("os.system('true')") == []
    assert watched.cell("os.system('echo x > new')") == ["written new"]


def test_a_folder_that_goes_away_meanwhile_harms_nothing(watched):
    assert watched.cell(
        "here = os.getcwd(); os.mkdir('gone'); os.chdir('gone'); os.rmdir('../gone')\n"
        "try: os.system('true')\nfinally: os.chdir(here)"
    ) == ["looked at ."]
