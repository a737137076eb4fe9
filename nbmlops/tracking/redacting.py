"""Takes secrets out of records, at the one place where they leave for the live file and the store.

What a secret is, `nbmlops.redaction` knows. Digests go too where they could be turned back into a
short secret by trying: those of variables that held one, of sources that had one in them, of files
that are there to hold them.
"""

import json
import re
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from nbmlops.canonical import class_name, decode, encode
from nbmlops.cells.sources import source_key
from nbmlops.cells.ties import notebook_cell
from nbmlops.records import (
    Annotation,
    Environment,
    Execution,
    ExecutionId,
    FileUse,
    Model,
    NotebookCell,
    Outline,
    Param,
    Profile,
    Record,
    Run,
    Tag,
    Use,
    Value,
)
from nbmlops.redaction.names import said_by
from nbmlops.redaction.placeholders import placeholder
from nbmlops.redaction.redactor import Redactor
from nbmlops.tracking.named_texts import written_without
from nbmlops.tracking.record_texts import with_texts
from nbmlops.tracking.secret_values import SecretValues

FAILED = placeholder("could not be looked through")
_MOST_NAMES = 20_000
_MOST_SOURCES = 100  # far more than cells run at once
_LEAST_DIGITS = 4
_MOST_ROUNDS = 3
_SECRET_FILE = re.compile(
    r"(?i)(?:^|/)(?:\.env(?:\.\w+)?|\.netrc|\.pgpass|\.my\.cnf|id_(?:rsa|dsa|ecdsa|ed25519)"
    r"|[^/]*(?:secret|credential|password|passwd)[^/]*|[^/]*\.(?:pem|key|p12|pfx|jks|kdbx))\Z"
)


class Redacting:
    """Takes the secrets out of the records of one session. May be called from any thread.

    Parameters
    ----------
    redact : Redactor
    values : SecretValues
    fault : callable
        Is told of errors of ours: where, and which.
    """

    def __init__(
        self,
        redact: Redactor,
        values: SecretValues,
        fault: Callable[[str, BaseException], None],
    ) -> None:
        self.redact, self.values, self._fault = redact, values, fault
        self._names: dict[str, str] = {}
        self._sources: dict[ExecutionId, int] = {}  # of those that were kept last
        self._were_open: set[ExecutionId] = set()

    @classmethod
    def outside_of_sessions(cls, allowed: Iterable[str]) -> "Redacting":
        """Return what takes secrets out of what is written where nothing is recorded.

        Errors of ours are told on stderr, each kind once.
        """
        redact = Redactor(allowed)
        told: set[str] = set()

        def fault(where: str, problem: BaseException) -> None:
            if where not in told:
                told.add(where)
                kind = class_name(problem)
                sys.stderr.write(
                    f"nbmlops had a fault ({where}, {kind}): such texts are left out\n"
                )

        return cls(redact, SecretValues(redact, dict, fault), fault)

    def __call__(self, record: Record) -> Record:
        """Return a record without its secrets; the very same one where it has none."""
        if type(record) is Use and self._names.get(record.name) == record.name:  # most of a cell's
            return _use(self, record)
        taker = _TAKERS.get(type(record))
        for _ in range(_MOST_ROUNDS):  # what a cell shows may tell what in its code is a secret
            known = self.redact.revision
            record = with_texts(record if taker is None else taker[0](self, record), self._part)
            if self.redact.revision == known:
                break
        return record

    def _part(self, kind: type, field: str, text: str) -> str:
        """Return one text of a record without its secrets."""
        if (kind, field) in _LOOKED_THROUGH:
            return text
        is_name = field in _NAMES and (kind, field) != (Run, "name")
        return self.name(text) if is_name else self.text(text)

    def were_open(self, records: Iterable[Record]) -> bool:
        """Tell whether one of these was kept before with what is now known to be a secret."""
        return any(type(record) is Execution and record.id in self._were_open for record in records)

    def note_source(self, execution: ExecutionId, source: str) -> None:
        """Note what is kept of the source of an execution: a secret in it may be learnt later."""
        before, self._sources[execution] = self._sources.get(execution), hash(source)
        if before is not None and before != hash(source):
            self._were_open.add(execution)
        if len(self._sources) > _MOST_SOURCES:
            del self._sources[next(iter(self._sources))]

    def text(self, text: str, *, is_code: bool = False) -> str:
        """Return a text without its secrets; nothing of it where looking through it fails."""
        try:
            return self.redact(text, is_code=is_code)
        except Exception as problem:  # noqa: BLE001, a fault of ours must cost a text, not a secret
            self._fault("redacting", problem)
            return FAILED

    def code(self, source: str) -> str:
        """Return the source of a cell without its secrets."""
        return self.text(source, is_code=True)

    def data(self, data: bytes, *, has_code: bool = False) -> bytes:
        """Return bytes without their secrets; raises what goes wrong: then they are not kept."""
        self.values.look()
        return self.redact.data(data, has_code=has_code)

    def cell(self, cell: NotebookCell) -> NotebookCell:
        """Return a cell of a notebook file without its secrets, its digest made anew."""
        if cell.source is None:
            return cell
        source = self.code(cell.source)
        return cell if source is cell.source else notebook_cell(source, cell.id)

    def name(self, name: str) -> str:
        """Return a name without its secrets: always the same, whatever is learnt meanwhile."""
        known = self._names.get(name)
        if known is None:
            known = self.text(name)
            if len(self._names) < _MOST_NAMES:
                self._names[name] = known
        return name if known == name else known

    def document(self, text: str) -> str:
        """Return JSON without its secrets, and still JSON."""
        found = self.text(text)
        if found is text:
            return text
        try:
            json.loads(found)
        except ValueError:
            tree = _without_secrets(json.loads(text), self.text)
            return json.dumps(tree, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
        return found

    def written(self, name: str, type_name: str, text: str) -> tuple[str, str]:
        """Return type and JSON of a named value without its secrets (see `canonical.encode`)."""
        if type_name == "str":
            value = json.loads(text)
            found = self.value(name, value)
            return (type_name, text) if found == value else encode(found)
        said = said_by(name)
        if type_name in ("int", "bytes") and said is not None and len(text) >= _LEAST_DIGITS:
            plain = _plain(decode(type_name, text))
            found = placeholder(said.kind) if said.is_sure else self.value(name, plain)
            if found != plain:
                self.redact.learn(plain, said.kind)
                return encode(found)
        named = self._inside(name, text)
        found = self.text(named)
        if found is text:
            return type_name, text
        try:
            json.loads(found)
        except ValueError:
            return encode(FAILED)
        return type_name, found

    def _inside(self, name: str, text: str) -> str:
        """Return the JSON of a value without what the names inside of it say is secret."""
        if '"' not in text:
            return text
        tree = json.loads(text)
        found = written_without(tree, name, self.value)
        if found == tree:
            return text
        return json.dumps(found, ensure_ascii=False, separators=(",", ":"))

    def value(self, name: str, value: str) -> str:
        """Return the text that a name holds without its secrets."""
        try:
            return self.redact.value_of(name, value)
        except Exception as problem:  # noqa: BLE001, as for texts
            self._fault("redacting", problem)
            return FAILED


def _execution(our: Redacting, record: Execution) -> Execution:
    source = our.code(record.source)
    our.note_source(record.id, source)
    changes: dict[str, Any] = {}
    if source is not record.source:
        changes["source"] = source
    if record.cell_key == source_key(record.source):
        changes["cell_key"] = source_key(source)
    elif record.cell_id is not None and record.cell_key == record.cell_id:
        changes["cell_key"] = our.name(record.cell_id)
    if changes.get("cell_key") == record.cell_key:
        del changes["cell_key"]
    return replace(record, **changes) if changes else record


def _param(our: Redacting, record: Param) -> Param:
    our.values.look()
    type_name, text = our.written(record.name, record.type, record.json)
    return record if text == record.json else replace(record, type=type_name, json=text)


def _tag(our: Redacting, record: Tag) -> Tag:
    our.values.look()
    value = our.value(record.name, record.value)
    return record if value == record.value else replace(record, value=value)


def _annotation(our: Redacting, record: Annotation) -> Annotation:
    our.values.look()
    if record.value is None:
        return record
    name = record.field.removeprefix("tags.")
    value = our.value(name, record.value) if name != record.field else our.text(record.value)
    return record if value == record.value else replace(record, value=value)


def _model(our: Redacting, record: Model) -> Model:
    params = json.loads(record.params)
    found = {name: [*our.written(name.rpartition(".")[2], *pair)] for name, pair in params.items()}
    return record if found == params else replace(record, params=json.dumps(found))


def _outline(our: Redacting, record: Outline) -> Outline:
    cells = tuple(our.cell(cell) for cell in record.cells)
    return record if cells == record.cells else replace(record, cells=cells)


def _documented(our: Redacting, record: Environment | Value | Profile) -> Any:
    document = our.document(record.document)
    return record if document is record.document else replace(record, document=document)


def _use(our: Redacting, record: Use) -> Use:
    if record.digest is not None and _holds_secret(our, record.name):
        return replace(record, digest=None)
    return record


def _holds_secret(our: Redacting, name: str) -> bool:
    if name in our.values.names:
        return True
    return name.startswith("<os.environ:") and said_by(name.strip("<>")[11:]) is not None


def _file_use(our: Redacting, record: FileUse) -> FileUse:  # noqa: ARG001, as all of them
    if record.digest is not None and _SECRET_FILE.search(record.path):
        return replace(record, digest=None, reason="it is there to hold secrets")
    return record


def _plain(value: Any) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _without_secrets(tree: Any, text: Callable[[str], str]) -> Any:
    if isinstance(tree, str):
        return text(tree)
    if isinstance(tree, list):
        return [_without_secrets(item, text) for item in tree]
    if isinstance(tree, dict):
        return {text(key): _without_secrets(item, text) for key, item in tree.items()}
    return tree


# What takes more than the text itself to look through, and the fields that are done by that.
_TAKERS: dict[type, tuple[Callable[[Redacting, Any], Any], str | None]] = {
    Execution: (_execution, "source"),
    Param: (_param, "json"),
    Model: (_model, "params"),
    Tag: (_tag, "value"),
    Outline: (_outline, None),
    Annotation: (_annotation, "value"),
    Environment: (_documented, "document"),
    Value: (_documented, "document"),
    Profile: (_documented, "document"),
    Use: (_use, None),
    FileUse: (_file_use, None),
}
_LOOKED_THROUGH = {
    *((kind, field) for kind, (_, field) in _TAKERS.items()),
    (NotebookCell, "source"),  # with its outline
}
# What records are found by, and what is the same in many of them.
_NAMES = frozenset(
    "experiment notebook path kernel_id host user python by name field tags cell_id id mime "
    "class_name format defined used touched deleted items".split()
)
