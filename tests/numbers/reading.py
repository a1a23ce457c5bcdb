"""What the reader makes of a text, in short."""

from app.numbers.reader import read_numbers


def read(text: str, region: str = "EE") -> list[str]:
    """The numbers, in E.164."""
    return [one.e164 for one in read_numbers(text, region).numbers]


def faults(text: str, region: str = "EE") -> list[str]:
    """Why digits are no numbers."""
    return [one.fault.name for one in read_numbers(text, region).unread]
