import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nbmlops.fingerprints.columns.texts import text_block

# Lone surrogates and the zero character too.
TEXTS = st.text(st.characters() | st.sampled_from("\0\ud800\udc00"), max_size=4)


@given(st.lists(st.none() | TEXTS))
def test_a_block_has_the_bytes_of_its_texts(values: list[str | None]) -> None:
    block = text_block(values)
    encoded = [b"" if text is None else text.encode("utf-8", "surrogatepass") for text in values]
    valid = [True] * len(values) if block.valid is None else block.valid.tolist()
    lengths, data = block.buffers
    assert block.rows == len(values)
    assert valid == [text is not None for text in values]
    assert (lengths.dtype, lengths.tolist()) == (np.int64, [*map(len, encoded)])
    assert (data.dtype, data.tobytes()) == (np.uint8, b"".join(encoded))


@pytest.mark.parametrize("missing", [None, float("nan"), 1, b"bytes"])
def test_whatever_is_no_text_is_missing(missing: object) -> None:
    block = text_block(np.array(["a", missing], object))
    assert block.valid is not None
    assert block.valid.tolist() == [True, False]
    assert block.buffers[0].tolist() == [1, 0]


def test_no_method_of_a_subclass_is_called() -> None:
    class Loud(str):
        __len__ = __iter__ = __str__ = encode = None  # type: ignore[assignment]

    for values in ([Loud("ä")], [Loud("ä"), "b"], [Loud("\0"), None]):
        assert b"".join(buffer.tobytes() for buffer in text_block(values).buffers)
