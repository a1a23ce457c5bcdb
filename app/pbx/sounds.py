"""Sound files for the PBX to play: checked on upload, and written to a folder where the PBX finds them.

The dialplan calls them `keskus/<name>`; its global variable `KESKUS_SOUNDS` is the folder. The service's database keeps
them too, so that a new PBX, or one with a new disk, has them again after the service's next start.
"""

import io
import wave
from pathlib import Path
from typing import Final

from app.domain.errors import Refusal, Texts
from app.system.private import FILE, FOLDER

PREFIX: Final = "keskus/"
"""The prefix of the names of sounds that the service keeps; a name without it is one of the PBX's own sounds."""
MOST_BYTES: Final = 1 << 20
"""The largest file, in bytes: about 65 s."""
RATE: Final = 8000  # samples a second
SAMPLE: Final = 2  # bytes


class SoundUnreadable(Refusal):
    """The file is not a WAV file in PCM."""

    code = "sound.unreadable"
    status = 422
    texts = Texts(
        en="this is no WAV file in PCM: convert it, for example with sox",
        et="see ei ole WAV-fail kodeeringus PCM: teisenda see, näiteks programmiga sox",
        ru="это не WAV-файл в кодировке PCM: преобразуйте его, например программой sox",
    )


class SoundFormat(Refusal):
    """The file's sample rate, sample size or number of channels is not what telephones need."""

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
    """The file is empty, or its end is missing."""

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
        SoundUnreadable, SoundFormat, SoundCutOff: it is not a whole WAV file with 8000 16-bit samples a second, mono.
    """
    try:
        with wave.open(io.BytesIO(content)) as sound:
            found = (sound.getframerate(), sound.getsampwidth(), sound.getnchannels())
            frames = sound.getnframes()
            read = len(sound.readframes(frames)) // (SAMPLE * sound.getnchannels())
    except (wave.Error, EOFError, ValueError):
        raise SoundUnreadable from None
    if found != (RATE, SAMPLE, 1):
        rate, width, channels = found
        raise SoundFormat(rate=rate, bits=width * 8, channels=channels)
    if read < frames or frames == 0:
        raise SoundCutOff
    return float(frames / RATE)


class SoundFolder:
    """The folder from which the PBX reads sounds; service and PBX share it, on one machine or through a volume.

    Args:
        folder: its path for the service. A missing folder is made for its owner alone. A folder that lets other users
            in was made for a PBX that runs as another user: then the files are readable for all, too.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lay(self, name: str, content: bytes) -> None:
        """Write a sound, whole or not at all; a call that is playing the old file hears that one to its end.

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
        """Remove a sound; nothing happens if it is not there.

        Raises:
            OSError: it cannot be removed.
        """
        (self._folder / f"{name}.wav").unlink(missing_ok=True)
