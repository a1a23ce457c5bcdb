"""The PBX's files that are shipped with the service: `asterisk/` and `dialplan/`."""

from pathlib import Path


def shipped(folder: str) -> Path:
    """Give a folder of PBX files (`asterisk` or `dialplan`), from the wheel or from the source tree."""
    package = Path(__file__).resolve().parent.parent
    wheel = package / "_pbx" / folder
    return wheel if wheel.is_dir() else package.parent / folder
