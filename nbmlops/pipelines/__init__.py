"""Notebooks executed headlessly, tracked; steps and pipelines of them.

`execute` is what users call, `engine` what papermill does, `inside` what happens in the kernel,
`outside` what is recorded where the kernel cannot record itself, `notebooks` reads the files.
"""
