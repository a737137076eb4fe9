"""Watches hidden inputs: what a cell depends on beside its variables and files.

One part for each kind, behind the contract in `base`; `inputs` puts them together. A part compares
what it knows before a cell and after it, hears of what its code mentions, or of audit events. None
ever changes what it looks at, draws a random number or imports a module.
"""
