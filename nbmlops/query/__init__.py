"""The language in which runs are asked for: text becomes a tree, and a tree text again.

``parsing`` reads a filter or an order, ``tree`` is what it becomes, ``writing`` is the way back.
``fields`` is what of a run can be named, ``meaning`` and ``comparing`` say what a tree's names and
constants stand for in a store, as ``clauses``. Nothing here knows SQL; `nbmlops.store.search` does.

The parser is written by hand: the grammar is one page, and an error has to point at its place and
name what would have been right.
"""
