"""What the floor refuses to do."""


class NotPossible(Exception):  # noqa: N818 - it reads as what it says
    """A request that does not fit the floor as it is; raised before anything is changed. It says why."""
