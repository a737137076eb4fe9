"""Reads cells and never runs them: the names they use, their parameters, what depends on what."""
