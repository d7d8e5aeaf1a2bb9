"""The state of one virtual device: files, packages, processes, settings, log."""
