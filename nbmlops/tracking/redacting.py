"""Takes secrets out of records, at the one place where they leave for the live file and the store.

What a secret is, `nbmlops.redaction` knows. Digests go too where they could be turned back into a
short secret by trying: those of variables that held one, of sources that had one in them, of files
that are there to hold them.
"""

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from nbmlops.canonical import decode, encode
from nbmlops.cells.sources import source_key
from nbmlops.cells.ties import notebook_cell
from nbmlops.records import (
    Annotation,
    Artifact,
    Content,
    Environment,
    Execution,
    Failure,
    FileUse,
    Metric,
    Model,
    NotebookCell,
    Outline,
    Output,
    Param,
    Points,
    Profile,
    Record,
    Run,
    Session,
    Tag,
    Use,
    Value,
)
from nbmlops.redaction.names import said_by
from nbmlops.redaction.placeholders import placeholder
from nbmlops.redaction.redactor import Redactor
from nbmlops.tracking.secret_values import SecretValues

FAILED = placeholder("could not be looked through")
_MOST_NAMES = 20_000
_LEAST_DIGITS = 4
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

    @classmethod
    def outside_of_sessions(cls, allowed: Iterable[str]) -> "Redacting":
        """Return what takes secrets out of what is written where nothing is recorded."""
        redact = Redactor(allowed)

        def fault(_where: str, _problem: BaseException) -> None:
            pass

        return cls(redact, SecretValues(redact, dict, fault), fault)

    def __call__(self, record: Record) -> Record:
        """Return a record without its secrets; the very same one where it has none."""
        take = _TAKERS.get(type(record))
        return record if take is None else take(self, record)

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
        return known

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
        is_scalar = type_name in ("int", "bytes") and len(text) >= _LEAST_DIGITS
        if is_scalar and said is not None and said.is_sure:
            self.redact.learn(str(decode(type_name, text)), said.kind)
            return encode(placeholder(said.kind))
        found = self.text(text)
        if found is text:
            return type_name, text
        try:
            json.loads(found)
        except ValueError:
            return encode(FAILED)
        return type_name, found

    def value(self, name: str, value: str) -> str:
        """Return the text that a name holds without its secrets."""
        try:
            return self.redact.value_of(name, value)
        except Exception as problem:  # noqa: BLE001, as for texts
            self._fault("redacting", problem)
            return FAILED

    def texts(self, record: Any, *fields: str) -> Any:
        """Return a record with the secrets taken out of some of its texts."""
        changes = {}
        for field in fields:
            text = getattr(record, field)
            if text is not None:
                found = self.text(text)
                if found is not text:
                    changes[field] = found
        return replace(record, **changes) if changes else record

    def names(self, record: Any, *fields: str) -> Any:
        """Return a record with the secrets taken out of what it is found by."""
        changes = {}
        for field in fields:
            text = getattr(record, field)
            if text is not None and self.name(text) != text:
                changes[field] = self.name(text)
        return replace(record, **changes) if changes else record


def _session(our: Redacting, record: Session) -> Session:
    named: Session = our.names(record, "experiment", "notebook", "user")
    return named


def _execution(our: Redacting, record: Execution) -> Execution:
    source = our.code(record.source)
    changes: dict[str, Any] = {}
    if source is not record.source:
        changes["source"] = source
        if record.cell_key == source_key(record.source):
            changes["cell_key"] = source_key(source)
    if record.failure is not None:
        failure: Failure = our.texts(record.failure, "message", "traceback")
        if failure is not record.failure:
            changes["failure"] = failure
    outputs = tuple(_output(our, output) for output in record.outputs)
    tags = tuple(our.name(tag) for tag in record.tags)
    if outputs != record.outputs or tags != record.tags:
        changes |= {"outputs": outputs, "tags": tags}
    return replace(record, **changes) if changes else record


def _output(our: Redacting, output: Output) -> Output:
    contents: tuple[Content, ...] = tuple(our.texts(each, "text") for each in output.contents)
    return output if contents == output.contents else replace(output, contents=contents)


def _run(our: Redacting, record: Run) -> Run:
    named = our.names(record, "experiment", "notebook", "user")
    found: Run = our.texts(named, "name", "hypothesis", "note", "reason")
    return found


def _param(our: Redacting, record: Param) -> Param:
    our.values.look()
    type_name, text = our.written(record.name, record.type, record.json)
    if text != record.json:
        record = replace(record, type=type_name, json=text)
    named: Param = our.names(record, "name")
    return named


def _tag(our: Redacting, record: Tag) -> Tag:
    our.values.look()
    value = our.value(record.name, record.value)
    named: Tag = our.names(
        record if value == record.value else replace(record, value=value), "name"
    )
    return named


def _annotation(our: Redacting, record: Annotation) -> Annotation:
    our.values.look()
    name = record.field.removeprefix("tags.")
    if record.value is not None:
        is_tag = name != record.field
        value = our.value(name, record.value) if is_tag else our.text(record.value)
        if value != record.value:
            record = replace(record, value=value)
    named: Annotation = our.names(record, "field")
    return named


def _model(our: Redacting, record: Model) -> Model:
    params = json.loads(record.params)
    found = {name: [*our.written(name.rpartition(".")[2], *pair)] for name, pair in params.items()}
    if found != params:
        record = replace(record, params=json.dumps(found))
    named: Model = our.names(record, "name")
    return named


def _named(our: Redacting, record: Metric | Points | Artifact) -> Any:
    return our.names(record, "name")


def _outline(our: Redacting, record: Outline) -> Outline:
    cells = tuple(our.cell(cell) for cell in record.cells)
    found: Outline = our.names(our.texts(record, "problem"), "path")
    return found if cells == found.cells else replace(found, cells=cells)


def _documented(our: Redacting, record: Environment | Value | Profile) -> Any:
    document = our.document(record.document)
    return record if document is record.document else replace(record, document=document)


def _use(our: Redacting, record: Use) -> Use:
    if record.digest is not None and _holds_secret(our, record.name):
        record = replace(record, digest=None)
    named: Use = our.names(record, "name")
    return named


def _holds_secret(our: Redacting, name: str) -> bool:
    if name in our.values.names:
        return True
    return name.startswith("<os.environ:") and said_by(name.strip("<>")[11:]) is not None


def _file_use(our: Redacting, record: FileUse) -> FileUse:
    if record.digest is not None and _SECRET_FILE.search(record.path):
        record = replace(record, digest=None, reason="it is there to hold secrets")
    named: FileUse = our.names(record, "path")
    return named


def _without_secrets(tree: Any, text: Callable[[str], str]) -> Any:
    if isinstance(tree, str):
        return text(tree)
    if isinstance(tree, list):
        return [_without_secrets(item, text) for item in tree]
    if isinstance(tree, dict):
        return {text(key): _without_secrets(item, text) for key, item in tree.items()}
    return tree


_TAKERS: dict[type, Callable[[Redacting, Any], Any]] = {
    Session: _session,
    Execution: _execution,
    Run: _run,
    Param: _param,
    Points: _named,
    Metric: _named,
    Model: _model,
    Artifact: _named,
    Tag: _tag,
    Outline: _outline,
    Annotation: _annotation,
    Environment: _documented,
    Value: _documented,
    Profile: _documented,
    Use: _use,
    FileUse: _file_use,
}
