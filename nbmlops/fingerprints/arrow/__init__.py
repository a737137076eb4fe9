"""Arrow memory: what pyarrow has, and what pandas and polars keep in it."""
