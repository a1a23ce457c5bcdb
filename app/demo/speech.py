"""The sound of called customers: A-law, 8000 samples a second."""

from typing import Final

_TONE: Final = b"\x2a" * 10 + b"\xaa" * 10  # one turn of 400 Hz
_SILENCE: Final = b"\xd5"
_QUIET_SAMPLES: Final = 480_000  # a minute
_PAUSE_SAMPLES: Final = 800  # 0.1 s

HELLO: Final = _TONE * 160 + _SILENCE * _QUIET_SAMPLES
"""A person: speaks for 0.4 s and then listens."""
GREETING_S: Final = 4.8
GREETING: Final = (_TONE * 120 + _SILENCE * _PAUSE_SAMPLES) * 12 + _SILENCE * _QUIET_SAMPLES
"""An answering machine: speaks twelve words of 0.3 s and then records."""
