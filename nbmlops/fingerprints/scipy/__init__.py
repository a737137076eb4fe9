"""Sparse arrays and random variables of SciPy."""
