"""Draws pages: the same headings, tables and code as HTML, in a terminal, and as plain text.

`page` says what a page is made of, `html` and `terminal` draw it, `words` writes numbers, times
and sizes the way people read them. Nothing here knows what the pages are about.
"""
