"""What can go wrong with the database, in words for whoever runs the service."""


class DatabaseUrlInvalid(ValueError):  # noqa: N818 - named for what is so
    """The database's address cannot be used as it stands."""


class DatabaseUnreachable(Exception):  # noqa: N818 - named for what is so
    """The database does not answer, or refuses us."""
