"""Arrays of numpy, and their columns as a table has them."""
