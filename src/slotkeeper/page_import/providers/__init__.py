"""One file for each scheduler whose pages can be read."""
