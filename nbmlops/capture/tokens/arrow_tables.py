"""Tables and arrays of Arrow: by the bytes of their buffers; nothing of theirs can be changed."""

from typing import TYPE_CHECKING, Any

import pyarrow as pa

from nbmlops.capture.tokens.scalars import small_scalar

if TYPE_CHECKING:
    from nbmlops.capture.tokens.walking import Walk


def table(walk: "Walk", value: Any) -> None:
    """Write a table or a batch of rows."""
    walk.out.append(b"t" + small_scalar((str(value.schema), value.num_rows)))
    walk.follow(value.columns)


def chunked_array(walk: "Walk", value: Any) -> None:
    """Write a column of several arrays."""
    walk.out.append(b"h%d;" % value.num_chunks)
    for chunk in value.chunks:
        if not walk.takes_nodes(1):
            return
        array(walk, chunk)


def array(walk: "Walk", value: Any) -> None:
    """Write an array."""
    walk.out.append(small_scalar((str(value.type), value.offset, len(value))))
    for buffer in value.buffers():
        if buffer is None:
            walk.out.append(b"-")
        elif buffer.is_cpu:
            walk.write_memory(memoryview(buffer))
        else:
            walk.is_whole = False
    if pa.types.is_dictionary(value.type):
        array(walk, value.dictionary)
