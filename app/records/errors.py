"""What can go wrong with the database, in words for whoever runs the service."""


class DatabaseUrlInvalid(ValueError):  # noqa: N818 - named for what is so
    """The database's address cannot be used as it stands."""


class DatabaseUnreachable(Exception):  # noqa: N818 - named for what is so
    """The database does not answer, or refuses us."""


def reason(error: BaseException) -> str:
    """The database's own reason in one line, without the rows it was about: they hold callers' numbers."""
    cause = getattr(error, "orig", None) or error
    lines = str(cause).splitlines()
    return f"{type(cause).__name__}: {lines[0]}" if lines else type(cause).__name__


class SlowInTransaction(RuntimeError):  # noqa: N818 - named for what is so
    """A fault of ours: slow work was begun in a transaction that writes."""
