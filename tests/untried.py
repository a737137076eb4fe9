"""Tests that are left out where a machine lacks what they need: loudly, and never in CI."""

import os
from typing import NoReturn

import pytest

_MARK = "NOT TRIED:"


def not_tried(reason: str) -> NoReturn:
    """Leave a test out, for a reason that the summary shouts; in CI it fails instead."""
    if os.environ.get("CI"):
        pytest.fail(f"{_MARK} {reason}", pytrace=False)
    pytest.skip(f"{_MARK} {reason}")


def summarize(reporter: pytest.TerminalReporter) -> None:
    """Write below all else what was not tried."""
    skipped = [report.longrepr for report in reporter.stats.get("skipped", [])]
    reasons = [str(longrepr[2]).removeprefix("Skipped: ") for longrepr in skipped]
    untried = [reason for reason in reasons if reason.startswith(_MARK)]
    if untried:
        reporter.section("left out", sep="!", red=True, bold=True)
    for reason in sorted(set(untried)):
        reporter.line(f"{untried.count(reason)} tests {reason}", red=True)
