"""A run's slice executed again in a fresh kernel, and the verdict on what came out.

`replay` is the verb; `replayed` what it answers. What the store has of both executions is in
`traces`, compared by `comparing` and `measuring`; why something came out differently is told by
`causes`, from what is checked in `inputs` and `surroundings`. Nothing here writes into the store of
the user's.
"""
