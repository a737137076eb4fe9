"""Migrations, one file each, that lead an older store to the present tables."""
