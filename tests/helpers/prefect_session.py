"""Requests to a Prefect server of ours, with the token that it asks for before it changes anything."""

import requests

CLIENT = "tests"


def prefect_session(api: str) -> requests.Session:
    """A session whose requests carry the token.

    Args:
        api: Address of the API.
    """
    session = requests.Session()
    token = session.get(f"{api}/csrf-token", params={"client": CLIENT}, timeout=30).json()["token"]
    session.headers.update({"Prefect-Csrf-Token": token, "Prefect-Csrf-Client": CLIENT})
    return session
