"""Sound files for the PBX to play: checked as they come, laid where the PBX finds them.

In the dialplan they are `keskus/<name>`; its global variable `KESKUS_SOUNDS` is the folder. The records keep them, so
that a PBX that is new, or whose disk is, has them again at the service's next start.
"""

import io
import wave
from pathlib import Path
from typing import Final

from app.domain.errors import WordedRefusal
from app.system.private import FILE, FOLDER

PREFIX: Final = "keskus/"
"""Before the name of a sound that the service keeps; what has none is the PBX's own."""
MOST_BYTES: Final = 1 << 20
"""About 65 s."""
RATE: Final = 8000  # samples a second
SAMPLE: Final = 2  # bytes


class SoundUnfit(WordedRefusal, ValueError):  # noqa: N818 - named for what is so
    """The PBX could not play it as it is."""

    status = 422


def length_s(content: bytes) -> float:
    """How long a sound file is, in seconds.

    Raises:
        SoundUnfit: it is no WAV file of 8000 samples of 16 bits a second, mono; in words.
    """
    try:
        with wave.open(io.BytesIO(content)) as sound:
            found = (sound.getframerate(), sound.getsampwidth(), sound.getnchannels())
            frames = sound.getnframes()
            read = len(sound.readframes(frames)) // (SAMPLE * sound.getnchannels())
    except (wave.Error, EOFError, ValueError) as error:
        raise SoundUnfit(f"this is no WAV file in PCM: {error}") from None
    if found != (RATE, SAMPLE, 1):
        rate, width, channels = found
        raise SoundUnfit(
            f"telephones need WAV with 8000 samples of 16 bits a second, mono; this one has {rate} samples of "
            f"{width * 8} bits in {channels} channels"
        )
    if read < frames or frames == 0:
        raise SoundUnfit("the file is empty or cut off")
    return float(frames / RATE)


class SoundFolder:
    """Where the PBX reads sounds from; both may be on one machine, or share a volume.

    Args:
        folder: as the service sees it; made for its owner alone when it is not there. One that lets others in was
            made so for a PBX that is another user: then they may read the files, too.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def lay(self, name: str, content: bytes) -> bytes | None:
        """Put a file there, whole or not at all; a call that plays an older one hears it to its end.

        Returns:
            What was there before; None when there was nothing.

        Raises:
            OSError: it cannot be written.
        """
        self._folder.mkdir(FOLDER, parents=True, exist_ok=True)
        path = self._folder / f"{name}.wav"
        before = path.read_bytes() if path.is_file() else None
        if before == content:
            return before
        draft = path.with_suffix(".new")
        draft.write_bytes(content)
        draft.chmod(0o644 if self._folder.stat().st_mode & 0o005 == 0o005 else FILE)
        draft.replace(path)
        return before

    def put_back(self, name: str, before: bytes | None) -> None:
        """Let there be what `lay` found.

        Raises:
            OSError: it cannot be.
        """
        if before is None:
            self.remove(name)
        else:
            self.lay(name, before)

    def remove(self, name: str) -> None:
        """Take a file away.

        Raises:
            OSError: it cannot be.
        """
        (self._folder / f"{name}.wav").unlink(missing_ok=True)
