"""One step and one run: skipped, recorded, locked, ended and notified."""
