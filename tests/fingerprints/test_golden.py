import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.fingerprints import golden

PROJECT = Path(golden.__file__).parents[2]


def changed(part, found):
    expected = golden.committed()[part]
    assert list(found) == list(expected)
    return {name for name, digests in found.items() if digests != expected[name]}


def test_python_values_have_the_committed_digests():
    assert changed("python", golden.digests(golden.values_of_python())) == set()


def test_values_of_libraries_have_the_committed_digests():
    assert changed("libraries", golden.digests(golden.values_of_libraries(), profile=True)) == set()


def test_no_two_golden_values_are_alike_unless_they_are_meant_to_be():
    digests = [one for part in golden.committed().values() for one, *_ in part.values()]
    assert len(digests) - len(set(digests)) == 1  # the frames of polars and Arrow


IN_ANOTHER_PROCESS = """
import json
from tests.fingerprints import golden
found = {"python": golden.digests(golden.values_of_python())}
if {with_libraries}:
    found["libraries"] = golden.digests(golden.values_of_libraries(), profile=True)
print(json.dumps(found))
"""


def found_by(interpreter, script, **environ):
    done = subprocess.run(
        [interpreter, "-c", script],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("seed", ["0", "1", "random"])
def test_digests_are_the_same_with_every_hash_seed(seed):
    script = IN_ANOTHER_PROCESS.replace("{with_libraries}", "True")
    found = found_by(sys.executable, script, PYTHONHASHSEED=seed)
    assert {part: changed(part, found[part]) for part in found} == {
        "python": set(),
        "libraries": set(),
    }


# Has the hash computed by this Python, where xxhash, which is written in C, is installed.
BORROWED_HASH = """
import subprocess, sys, types
HASHES = '''
import sys
from xxhash import xxh3_128_digest
while size := sys.stdin.buffer.read(8):
    data = sys.stdin.buffer.read(int.from_bytes(size, "little"))
    sys.stdout.buffer.write(xxh3_128_digest(data))
    sys.stdout.buffer.flush()
'''
hashes = subprocess.Popen(
    [{python!r}, "-I", "-c", HASHES], stdin=subprocess.PIPE, stdout=subprocess.PIPE
)

def xxh3_128_digest(data):
    data = memoryview(data).cast("B")
    hashes.stdin.write(len(data).to_bytes(8, "little"))
    hashes.stdin.write(data)
    hashes.stdin.flush()
    return hashes.stdout.read(16)

class xxh3_128:
    def __init__(self, data=b""):
        self.data = bytearray(data)
    def update(self, data):
        self.data += data
    def digest(self):
        return xxh3_128_digest(self.data)

sys.modules["xxhash"] = module = types.ModuleType("xxhash")
module.xxh3_128, module.xxh3_128_digest = xxh3_128, xxh3_128_digest
"""


def other_pythons():
    """Return interpreters of other versions that run, by version; pyenv's shims may not."""
    names = ("python3.12", "python3.13", "python3.14")
    folders = sorted(Path("~/.pyenv/versions").expanduser().glob("*/bin"), reverse=True)
    candidates = [shutil.which(name) for name in names]
    candidates += [str(folder / "python") for folder in folders]
    found = {}
    for candidate in filter(None, candidates):
        version = version_of(candidate)
        if version >= (3, 12) and version != sys.version_info[:2]:
            found.setdefault(version, candidate)
    return found


def version_of(interpreter):
    script = "import sys; print(*sys.version_info[:2])"
    done = subprocess.run([interpreter, "-c", script], capture_output=True, text=True, check=False)
    return tuple(map(int, done.stdout.split())) if done.returncode == 0 else (0, 0)


def test_digests_are_the_same_in_another_python():
    pythons = other_pythons()
    if not pythons:
        pytest.skip("no other Python of 3.12 or newer runs here")
    script = BORROWED_HASH.replace("{python!r}", repr(sys.executable))
    script += IN_ANOTHER_PROCESS.replace("{with_libraries}", "False") + "hashes.stdin.close()\n"
    for version, python in pythons.items():
        found = found_by(python, script, PYTHONHASHSEED="random")
        assert changed("python", found["python"]) == set(), version
