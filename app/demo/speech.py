"""What those who are called say, as sound: A-law, 8000 samples a second."""

from typing import Final

_TONE: Final = b"\x2a" * 10 + b"\xaa" * 10  # one turn of 400 Hz
_SILENCE: Final = b"\xd5"
_QUIET_SAMPLES: Final = 480_000  # a minute
_PAUSE_SAMPLES: Final = 800  # 0.1 s

HELLO: Final = _TONE * 160 + _SILENCE * _QUIET_SAMPLES
"""A person: 0.4 s, and then listens."""
GREETING_S: Final = 4.8
GREETING: Final = (_TONE * 120 + _SILENCE * _PAUSE_SAMPLES) * 12 + _SILENCE * _QUIET_SAMPLES
"""A machine: twelve words of 0.3 s, and then it records."""
