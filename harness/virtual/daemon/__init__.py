"""The process of a virtual device: start, stop, list, and what it is put together from."""
