"""Pages in web views, seen through Chrome's DevTools; the same for phones and emulators."""
