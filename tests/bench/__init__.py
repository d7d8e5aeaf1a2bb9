"""Measurements of the whole, run by `make bench`; see `__main__`."""
