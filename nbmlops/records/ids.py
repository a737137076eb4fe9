"""What records are identified by, each kind told apart from the others and from plain text."""

from typing import NewType

SessionId = NewType("SessionId", str)

ExecutionId = NewType("ExecutionId", str)

RunId = NewType("RunId", str)

Digest = NewType("Digest", str)
