"""Sound files: brought by the administrator, checked, laid where the PBX finds them, chosen in campaigns."""

import io
import wave
from pathlib import Path

import httpx
import pytest

from app.pbx.sounds import MOST_BYTES, SoundFolder

from .campaigning import CAMPAIGN
from .house import House, open_house


def wav(*, rate: int = 8000, width: int = 2, channels: int = 1, seconds: float = 0.5) -> bytes:
    """Silence."""
    file = io.BytesIO()
    with wave.open(file, "wb") as sound:
        sound.setparams((channels, width, rate, 0, "NONE", ""))
        sound.writeframes(bytes(int(rate * seconds) * width * channels))
    return file.getvalue()


async def bring(house: House, content: bytes, name: str = "who-called") -> httpx.Response:
    return await house.admin.post(
        "/api/v1/sounds", params={"name": name, "title": "Kes helistas"}, content=content
    )


async def test_a_message_is_brought_chosen_and_kept_while_it_is_played(tmp_path: Path) -> None:
    (tmp_path / "sounds").mkdir(0o755)
    async with open_house(tmp_path, sounds=SoundFolder(tmp_path / "sounds")) as house:
        supervisor = house.client("supervisor")
        await house.make_queue()
        campaign = CAMPAIGN | {"message": "keskus/who-called"}
        assert (await supervisor.post("/api/v1/campaigns", json=campaign)).status_code == 422, (
            "not brought yet"
        )
        brought = await bring(house, wav())
        assert brought.status_code == 201, brought.text
        assert (brought.json()["message"], brought.json()["seconds"]) == ("keskus/who-called", 0.5)
        laid = tmp_path / "sounds" / "who-called.wav"
        assert laid.read_bytes() == wav()
        assert laid.stat().st_mode & 0o777 == 0o644, "the PBX is another user"
        assert (await supervisor.post("/api/v1/campaigns", json=campaign)).status_code == 201
        assert (await bring(house, wav(seconds=1.0))).status_code == 201
        assert laid.read_bytes() == wav(seconds=1.0)
        (told,) = (await supervisor.get("/api/v1/sounds")).json()
        assert told["seconds"] == 1.0
        assert (await supervisor.get("/api/v1/sounds/who-called")).content == wav(seconds=1.0)
        assert (await house.admin.delete("/api/v1/sounds/who-called")).status_code == 409
        await supervisor.put("/api/v1/campaigns/1", json=CAMPAIGN)
        assert (await house.admin.delete("/api/v1/sounds/who-called")).status_code == 204
        assert not laid.exists()
        assert (await house.admin.delete("/api/v1/sounds/who-called")).status_code == 404


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"ID3\x04 this is an mp3", "this is no WAV file in PCM"),
        (b"", "this is no WAV file in PCM"),
        (wav(rate=44_100, channels=2), "this one has 44100 samples of 16 bits in 2 channels"),
        (wav(width=1), "this one has 8000 samples of 8 bits in 1 channels"),
        (wav()[:-100], "the file is empty or cut off"),
        (wav(seconds=0), "the file is empty or cut off"),
    ],
)
async def test_what_the_pbx_could_not_play_is_refused_in_words(
    tmp_path: Path, content: bytes, why: str
) -> None:
    async with open_house(tmp_path, sounds=SoundFolder(tmp_path / "sounds")) as house:
        refused = await bring(house, content)
        assert refused.status_code == 422
        assert why in refused.json()["detail"]
        assert (await house.client("supervisor").get("/api/v1/sounds")).json() == []


async def test_names_sizes_and_folders(house: House, tmp_path: Path) -> None:
    assert (await bring(house, wav())).status_code == 409, "nobody said where"
    (tmp_path / "other").mkdir()
    async with open_house(tmp_path / "other", sounds=SoundFolder(tmp_path / "sounds")) as told:
        assert (await bring(told, wav(), "../etc")).status_code == 422
        assert (await bring(told, bytes(MOST_BYTES + 1))).status_code == 413
