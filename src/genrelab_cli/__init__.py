"""The command-line interface and the servers it starts; imports the flows only when they are needed."""

import os

from genrelab_cli.own_packages import come_first

come_first()  # before the first of them is imported

# Read when Arrow is imported, as almost every module does: its own allocator keeps what is freed, 0.5 GB after 450,000
# tracks had been binned.
os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
