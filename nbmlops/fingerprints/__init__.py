"""What a value is: value → `Fingerprint`, the same on every machine, Python and library version.

`base` has the records and the contract of adapters, `registry` finds the adapter of a type without
importing its library, `walking` drives adapters through nested values, `hashing` has the bytes that
digests are made of, `columns.tables` the one canonical form of columns that pandas, polars, Arrow
and the rest are brought into. The folders have the adapters, one for each library or kind of value.
"""
