"""The evidence bundle: everything needed to check a finding without trusting us."""
