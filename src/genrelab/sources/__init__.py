"""Other people's data: how files and services are read, and the samples and stand-ins in their layouts."""
