"""Errors that a user can act on.

Each says what is wrong, what was found, what is allowed and what to do. The command line prints it without a
traceback. Programming errors do not belong here: they keep their traceback.
"""


class GenrelabError(Exception):
    """An error that the user can fix.

    Args:
        what: What is wrong, in one clause.
        found: What was found.
        allowed: What is allowed.
        do: The next step for the user.
    """

    def __init__(self, what: str, *, found: str = "", allowed: str = "", do: str = "") -> None:
        self.what, self.found, self.allowed, self.do = what, found, allowed, do
        parts = [what]
        parts += [f"found: {found}"] if found else []
        parts += [f"allowed: {allowed}"] if allowed else []
        parts += [f"to do: {do}"] if do else []
        super().__init__("; ".join(parts))

    def __reduce__(self) -> tuple[object, ...]:
        """Support pickling: Prefect stores the exception of a failed run."""
        return (_rebuild, (type(self), self.what, self.found, self.allowed, self.do))


def _rebuild(kind: type[GenrelabError], what: str, found: str, allowed: str, do: str) -> GenrelabError:
    return kind(what, found=found, allowed=allowed, do=do)


class SourceError(GenrelabError):
    """A source cannot be read: a missing file, a missing column, a damaged archive."""


class RefusedError(GenrelabError):
    """A table fails its suite and is not published; the last good version stays in use."""


class SettingsError(GenrelabError):
    """A setting has a value that is not allowed."""
