"""What stands for the source of a cell: the same where only space at the ends of lines differs."""

from functools import lru_cache
from hashlib import blake2b


def plain_source(source: str) -> str:
    """Return a source without space at its own ends and at those of its lines."""
    return "\n".join(line.rstrip() for line in source.strip().splitlines())


@lru_cache(256)
def source_digest(source: str) -> str:
    """Return what is the same for sources that differ in space at the ends of lines only."""
    plain = plain_source(source)
    return blake2b(plain.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def source_key(source: str) -> str:
    """Return what stands for a cell that has no id."""
    return f"source:{source_digest(source)}"
