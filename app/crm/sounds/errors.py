"""What is refused about sound files; what is wrong with one itself is in `app.pbx.sounds`."""

from collections.abc import Sequence
from types import MappingProxyType

from app.domain.errors import Refusal, Texts


class SoundUnknown(Refusal):
    """There is no sound file with this name."""

    code = "sound.unknown"
    status = 404
    texts = Texts(
        en="there is no sound file {sound}",
        et="helifaili {sound} ei ole",
        ru="звукового файла {sound} нет",
    )
    sound: str


class SoundInUse(Refusal):
    """The sound file is used by campaigns that are not finished."""

    code = "sound.in_use"
    texts = Texts(
        en="these campaigns play the sound file {sound}: {campaigns}; give them another one first",
        et="helifaili {sound} mängivad kampaaniad {campaigns}: anna neile enne teine",
        ru="звуковой файл {sound} воспроизводят кампании {campaigns}: сначала назначьте им другой",
    )
    sound: str
    campaigns: Sequence[str]


class SoundInQueues(Refusal):
    """The sound file is what callers of queues hear before their call ends."""

    code = "sound.in_queues"
    texts = Texts(
        en="callers of {queues} hear the sound file {sound} before their call ends; give these queues "
        "another one first",
        et="helifaili {sound} kuulevad enne kõne lõppu helistajad (järjekorrad {queues}): anna neile enne teine",
        ru="звуковой файл {sound} слышат перед концом вызова звонящие очередей {queues}: сначала назначьте им другой",
    )
    sound: str
    queues: Sequence[str]
    """Their ids."""


class SoundsFolderUnset(Refusal):
    """The setting for the PBX's folder of sound files is missing."""

    code = "sound.folder_unset"
    texts = Texts(
        en="the service was not told where the PBX takes sound files from: set KESKUS__PBX__SOUNDS",
        et="teenusele ei ole öeldud, kust telefonikeskjaam helifaile võtab: määra KESKUS__PBX__SOUNDS",
        ru="службе не указано, откуда АТС берёт звуковые файлы: задайте KESKUS__PBX__SOUNDS",
    )


class SoundTooLarge(Refusal):
    """The sound file has more bytes than allowed."""

    code = "sound.too_large"
    status = 413
    headers = MappingProxyType({"Connection": "close"})
    texts = Texts(
        en="a sound file has at most {bytes} bytes",
        et="helifailis on kõige rohkem {bytes} baiti",
        ru="в звуковом файле не больше {bytes} байт",
    )
    bytes: int
