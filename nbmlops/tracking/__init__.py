"""Runs as users meet them: opened, given results, closed, looked at. Capture and store meet here.

`current` holds the one tracker of the process, `tracker` decides when runs begin and end,
`active` is a run one can log to, `writer` brings records to the store in the background,
`looking` finds runs again, `table` and `details` show them.
"""
