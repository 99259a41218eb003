"""The command line and the servers it starts; sits above the flows and imports them lazily."""

from genrelab_cli.own_packages import come_first

come_first()  # before the first of them is imported
