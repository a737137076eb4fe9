"""Do slices reproduce? ``python -m tests.slicing FOLDER [--json] [--seed N] [--only NAME]``.

For developers: this executes every notebook of a folder (``.ipynb`` files, or hazards as in
``tests/slicing/hazards``) in a real kernel that records, as it is, with a random selection of its
cells again afterwards, and with each cell twice. It asks nbmlops for the slice of every output,
executes only that slice in a fresh process without nbmlops, and compares what is shown: text,
streams, errors, images. Then it prints what was not reproduced and why, which slices are not those
found by hand, what recording cost a cell, and how large the slices are. The exit code is 1 if
anything was not reproduced. ``notebooks`` reads, ``recording`` executes and asks, ``forge`` makes
fresh processes cheap by forking prepared ones (the kernels of the first two orders have nothing
imported, as in a session; other processes have heavy libraries imported already, so that a slice
that lacks only the import of a submodule may pass), ``checking`` judges (its
``_lacking`` looks for the one execution that a wrong slice lacks), ``report`` prints.
"""

import argparse
import json
import sys
from pathlib import Path

from tests.slicing.notebooks import notebooks_in
from tests.slicing.report import as_json, as_text
from tests.slicing.running import check_all


def main(arguments: list[str]) -> int:
    """Check a folder, print what was found, return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.slicing")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", action="store_true", help="one document on standard output")
    parser.add_argument("--seed", type=int, default=0, help="of the random order")
    parser.add_argument("--only", default="", help="a part of the names of notebooks")
    given = parser.parse_args(arguments)
    notebooks = [each for each in notebooks_in(given.folder) if given.only in each.name]
    if not notebooks:
        print(f"There are no such notebooks in {given.folder}.", file=sys.stderr)
        return 2
    found = check_all(notebooks, seed=given.seed)
    print(json.dumps(as_json(found), indent=1) if given.json else as_text(found))
    return 0 if all(each.is_fine for each in found) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
