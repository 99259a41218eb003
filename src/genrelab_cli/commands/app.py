"""`genrelab app`: serve the champions to a web page and to other programs, until Ctrl-C.

Conventions: on loopback no token is needed. With an address that other machines reach, every request must carry one:
that of GENRELAB_APP_TOKEN, or one that is made and printed once.
"""

import os
import secrets

from genrelab.runtime.errors import GenrelabError
from genrelab.runtime.home import Home
from genrelab.runtime.own_pages import LOOPBACK, VARIABLE
from genrelab.runtime.running_servers import note_server
from genrelab_cli.servers.app_server import ANYWHERE, serve
from genrelab_cli.servers.server import prepare_environment, require_free

TOKEN = "GENRELAB_APP_TOKEN"  # noqa: S105 - the name of a variable
SHORTEST_TOKEN = 16


def serve_app(port: int, host: str) -> None:
    """Serve until stopped.

    Args:
        port: Port to listen on.
        host: Address to listen on.

    Raises:
        GenrelabError: The port is in use, or the token is too short.
    """
    home = Home.find()
    prepare_environment(home, verbose=False)
    is_local = host in LOOPBACK
    require_free("the application", port, f"genrelab app --port {port + 1}")
    token = "" if is_local else chosen_token()
    note_server(home, "app", port, os.getpid())
    shown = f"[{host}]" if ":" in host and not host.startswith("[") else host
    print(f"application http://{shown}:{port}   API http://{shown}:{port}/docs", flush=True)
    if token and not os.environ.get(TOKEN):
        print(f"token {token}   (set {TOKEN} to choose one; it is not shown again)", flush=True)
    if host in ANYWHERE and not os.environ.get(VARIABLE):
        print(
            f"Other machines reach it by the names in {VARIABLE}, for instance music.example.org.", flush=True
        )
    print("Press Ctrl-C to stop.", flush=True)
    serve(home, host.strip("[]"), port, token)


def chosen_token() -> str:
    """Return the token of the environment, or a new one.

    Raises:
        GenrelabError: The token of the environment is too short, or holds characters that no header can carry.
    """
    given = os.environ.get(TOKEN, "")
    if not given:
        return secrets.token_urlsafe(24)
    if len(given) < SHORTEST_TOKEN or not given.isascii() or not given.isprintable() or " " in given:
        raise GenrelabError(
            f"{TOKEN} cannot be used",
            found=f"{len(given)} characters",
            allowed=f"at least {SHORTEST_TOKEN} ASCII characters without blanks",
            do="python3 -c 'import secrets; print(secrets.token_urlsafe(24))' makes one",
        )
    return given
