"""Frames and series of polars."""
