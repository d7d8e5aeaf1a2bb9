"""What left the app: hook events into exchanges, and the record of them."""
