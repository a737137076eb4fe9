"""Files, folders and URLs, by what is in them."""
