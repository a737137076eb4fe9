"""What a table looks like, small enough to keep and to add up."""
