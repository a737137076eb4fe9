"""``python -m nbmlops`` is ``nbmlops``."""

from nbmlops.cli import main

main()
