"""The virtual device's network: real host names, canned answers, an independent record."""
