"""Steps from one schema of the run store to the next, oldest first; run by `baseline.migrating`."""
