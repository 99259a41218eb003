"""The door: the command line. Imports what a command needs, when it needs it."""
