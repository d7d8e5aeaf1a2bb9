"""Bytes to sightings: does this exchange contain what was typed? Pure, no I/O."""
