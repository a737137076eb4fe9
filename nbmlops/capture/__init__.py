"""Listens to a kernel and hands records to a listener. Changes nothing that a cell does.

`base` has the contracts, `recorder` the hooks, `outputs` what cells show, `front_end` where the
kernel runs, `environment` what it runs in. Knows neither stores nor runs.
"""
