"""Finds secrets in text and takes them out: text in, text out, and what was found.

Pure: knows no records, kernels or stores. `redactor` is the door. Three ways lead to a secret: what
it looks like (`tokens`, `connections`), what the name beside it says (`names`; `assignments` finds
them in any text and `given` what they are given, `columns` what stands below them in tables,
`beside` knows forms of their own, `literals` reads code, with the names that it gives (`naming`)
and the `positions` of arguments), and that it was one before (`known`, in any of its `forms`);
`entropy` is the last resort, in code only. Which texts can be one say `values`, `phrases`, `words`.
"""
