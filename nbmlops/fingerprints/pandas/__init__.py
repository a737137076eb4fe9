"""Frames, series, indexes and scalars of pandas."""
