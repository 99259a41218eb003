"""The application: champions over HTTP, for a web page and for other programs."""
