"""Taking files out of the store again: what `nbmlops.save_artifact` does, for every face."""

from dataclasses import dataclass
from os import PathLike
from pathlib import Path

from nbmlops.canonical import Json
from nbmlops.drawing.page import Drawn, Page, Span, Text
from nbmlops.drawing.words import size
from nbmlops.errors import ArtifactNotFound, BlobMissing, OutputExists, OutputFolderMissing
from nbmlops.records import Artifact
from nbmlops.store.base import RunQuery
from nbmlops.tracking.blob_notes import blob_not_here
from nbmlops.tracking.looking import find_and_tell
from nbmlops.tracking.opening import Where, opened


@dataclass(frozen=True)
class SavedArtifact(Drawn):
    """An artifact that was written to a file."""

    artifact: Artifact
    path: Path

    def to_json(self) -> Json:
        """Return what was written where."""
        saved = self.artifact
        return {"run": saved.run_id, "name": saved.name, "path": str(self.path),
                "size_bytes": saved.size_bytes, "digest": saved.blob}  # fmt: skip

    def page(self) -> Page:
        """Return what is to be drawn."""
        told = f"{self.path}: {self.artifact.name}, {size(self.artifact.size_bytes)}"
        return Page((), [Text((Span(told),))])


def save_artifact(
    run: str,
    name: str,
    output: str | PathLike[str] | None = None,
    *,
    overwrite: bool = False,
    store: Where = None,
) -> SavedArtifact:
    """Write an artifact of a run to a file: ``output``, or one of its name in this folder.

    Raises
    ------
    RunNotFound, RunAmbiguous, ArtifactNotFound
        There is no such run, or it has no such artifact.
    OutputExists, OutputFolderMissing
        The file is there already, or its folder is not.
    BlobNotHere, BlobCorrupt
        The store has lost it, or another machine has it.
    """
    with opened(store) as (found, settings):
        run_id = find_and_tell(found, run, settings)
        [summary] = found.runs(RunQuery(ids=(run_id,), trashed=None))
        artifacts = {artifact.name: artifact for artifact in summary.artifacts}
        if name not in artifacts:
            raise ArtifactNotFound(name, run_id, sorted(artifacts))
        try:
            data = found.blobs.get(artifacts[name].blob)
        except BlobMissing as missing:
            raise blob_not_here(found, name, artifacts[name].blob) from missing
    path = Path(output) if output is not None else Path(Path(name).name)
    if path.is_dir():
        path /= Path(name).name
    if not path.parent.is_dir():
        raise OutputFolderMissing(str(path.parent))
    try:
        with path.open("wb" if overwrite else "xb") as file:
            file.write(data)
    except FileExistsError:
        raise OutputExists(str(path)) from None
    return SavedArtifact(artifacts[name], path)
