"""Scenario files: YAML text to typed steps with file, line and column; no I/O."""
