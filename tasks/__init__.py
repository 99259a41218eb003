"""How we touch the world: Prefect tasks that read, call the library and write."""
