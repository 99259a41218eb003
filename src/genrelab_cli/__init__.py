"""The command-line interface and the servers it starts; imports the flows only when they are needed."""

from genrelab_cli.own_packages import come_first

come_first()  # before the first of them is imported
