"""Tones in A-law: what a phone of the tests says, and how much of a tone is in what it hears."""

import math
import struct
import wave
from collections.abc import Iterable
from pathlib import Path
from typing import Final

RATE: Final = 8000
_FILE_RATE: Final = 48_000
_LOUD: Final = 12_000
BURST_S: Final = 0.2


def tone_packet(hertz: int) -> bytes:
    """20 ms of a tone; a whole number of its waves, so that packets follow each other without a seam."""
    assert hertz % 50 == 0
    return bytes(
        _encoded(round(_LOUD * math.sin(2 * math.pi * hertz * at / RATE))) for at in range(RATE // 50)
    )


def loudness(packets: Iterable[bytes], hertz: int) -> float:
    """How loud a tone is in packets of A-law, 0..1 (Goertzel)."""
    samples = [_DECODED[byte] / 32768 for packet in packets for byte in packet]
    if not samples:
        return 0.0
    turn = 2 * math.cos(2 * math.pi * hertz / RATE)
    one = two = 0.0
    for sample in samples:
        one, two = sample + turn * one - two, one
    power = one * one + two * two - turn * one * two
    return 2 * math.sqrt(max(0.0, power)) / len(samples)


def write_bursts(path: Path, hertz: int) -> None:
    """A file for a browser's microphone: bursts of a tone, as its filters take a steady one for noise."""
    burst = round(_FILE_RATE * BURST_S)
    samples = [round(_LOUD * math.sin(2 * math.pi * hertz * at / _FILE_RATE)) for at in range(burst)]
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(_FILE_RATE)
        file.writeframes(struct.pack(f"<{2 * burst}h", *samples, *[0] * burst))


def _encoded(sample: int) -> int:
    """One sample of A-law (G.711)."""
    return min(range(256), key=lambda byte: abs(_DECODED[byte] - sample))


def _decoded(byte: int) -> int:
    byte ^= 0x55
    exponent, mantissa = (byte & 0x70) >> 4, byte & 0x0F
    size = (mantissa << 4) + 8
    if exponent:
        size = (size + 0x100) << (exponent - 1)
    return size if byte & 0x80 else -size


_DECODED: Final = [_decoded(byte) for byte in range(256)]
