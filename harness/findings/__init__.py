"""Sightings and coverage to findings and the verdict. Pure."""
