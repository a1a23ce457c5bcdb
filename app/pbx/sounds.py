"""Sound files for the PBX to play: checked as they come, laid where the PBX finds them.

In the dialplan they are `keskus/<name>`; its global variable `KESKUS_SOUNDS` is the folder. The records keep them, so
that a PBX that is new, or whose disk is, has them again at the service's next start.
"""

import io
import wave
from pathlib import Path
from typing import Final

from app.domain.errors import Refusal, Texts
from app.system.private import FILE, FOLDER

PREFIX: Final = "keskus/"
"""Before the name of a sound that the service keeps; what has none is the PBX's own."""
MOST_BYTES: Final = 1 << 20
"""About 65 s."""
RATE: Final = 8000  # samples a second
SAMPLE: Final = 2  # bytes


class SoundUnreadable(Refusal):
    """It is no WAV file in PCM."""

    code = "sound.unreadable"
    status = 422
    texts = Texts(
        en="this is no WAV file in PCM: {why}",
        et="see ei ole WAV-fail kodeeringus PCM: {why}",
        ru="это не WAV-файл в кодировке PCM: {why}",
    )
    why: str


class SoundFormat(Refusal):
    """It has other samples than telephones need."""

    code = "sound.format"
    status = 422
    texts = Texts(
        en="telephones need WAV with 8000 samples of 16 bits a second, mono; this one has {rate} samples of {bits} "
        "bits in {channels} channels",
        et="telefon vajab WAV-faili, milles on sekundis 8000 16-bitist näidist, mono; selles on {rate} näidist, "
        "igaühes {bits} bitti, kanaleid {channels}",
        ru="телефону нужен WAV с 8000 отсчётов по 16 бит в секунду, моно; в этом {rate} отсчётов по {bits} бит, "
        "каналов: {channels}",
    )
    rate: int
    bits: int
    channels: int


class SoundCutOff(Refusal):
    """It is empty, or its end is missing."""

    code = "sound.cut_off"
    status = 422
    texts = Texts(
        en="the file is empty or cut off",
        et="fail on tühi või katkenud",
        ru="файл пуст или оборван",
    )


def length_s(content: bytes) -> float:
    """How long a sound file is, in seconds.

    Raises:
        SoundUnreadable, SoundFormat, SoundCutOff: it is no WAV file of 8000 samples of 16 bits a second, mono.
    """
    try:
        with wave.open(io.BytesIO(content)) as sound:
            found = (sound.getframerate(), sound.getsampwidth(), sound.getnchannels())
            frames = sound.getnframes()
            read = len(sound.readframes(frames)) // (SAMPLE * sound.getnchannels())
    except (wave.Error, EOFError, ValueError) as error:
        raise SoundUnreadable(why=str(error)) from None
    if found != (RATE, SAMPLE, 1):
        rate, width, channels = found
        raise SoundFormat(rate=rate, bits=width * 8, channels=channels)
    if read < frames or frames == 0:
        raise SoundCutOff
    return float(frames / RATE)


class SoundFolder:
    """Where the PBX reads sounds from; both may be on one machine, or share a volume.

    Args:
        folder: as the service sees it; made for its owner alone when it is not there. One that lets others in was
            made so for a PBX that is another user: then they may read the files, too.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lay(self, name: str, content: bytes) -> None:
        """Put a file there, whole or not at all; a call that plays an older one hears it to its end.

        Raises:
            OSError: it cannot be written.
        """
        self._folder.mkdir(FOLDER, parents=True, exist_ok=True)
        path = self._folder / f"{name}.wav"
        if path.is_file() and path.read_bytes() == content:
            return
        draft = path.with_suffix(".new")
        draft.write_bytes(content)
        draft.chmod(0o644 if self._folder.stat().st_mode & 0o005 == 0o005 else FILE)
        draft.replace(path)

    def remove(self, name: str) -> None:
        """Take a file away.

        Raises:
            OSError: it cannot be.
        """
        (self._folder / f"{name}.wav").unlink(missing_ok=True)
