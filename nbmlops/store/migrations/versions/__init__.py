"""The migrations, named by schema and what they do."""
