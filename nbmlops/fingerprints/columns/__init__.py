"""The canonical form that every table is brought into, and the digests of its columns."""
