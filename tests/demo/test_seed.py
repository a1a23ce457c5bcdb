"""The demo asks again while the service is away, and says so; in the end it says what was not done."""

import httpx
import pytest

from app.demo import seed
from app.demo.seed import Centre, NotAnswered

AWAY = {"code": "database.away", "detail": "the database does not answer"}


class Service:
    """It answers what it is told to, one after the other; the last for good."""

    def __init__(self, *answers: httpx.Response | httpx.TransportError) -> None:
        self.answers = list(answers)
        self.keys: list[str] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.keys.append(request.headers.get("Idempotency-Key", ""))
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, httpx.TransportError):
            raise answer
        return answer


def centre(
    service: Service, monkeypatch: pytest.MonkeyPatch, patience_s: float = 60.0
) -> tuple[Centre, list[str]]:
    http, said = httpx.AsyncClient, list[str]()
    monkeypatch.setattr(
        httpx, "AsyncClient", lambda **told: http(transport=httpx.MockTransport(service), **told)
    )
    monkeypatch.setattr(seed, "RETRY_S", 0.0)
    return Centre("http://keskus.test", said.append, patience_s=patience_s), said


def away(retry_s: int = 0) -> httpx.Response:
    return httpx.Response(503, json=AWAY, headers={"Retry-After": str(retry_s)})


async def test_it_asks_again_with_the_same_key_until_it_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    busy = httpx.Response(409, json={"code": "idempotency.key_busy", "detail": "at work"})
    service = Service(away(), httpx.ReadTimeout("slow"), busy, httpx.Response(201, json={"id": 7}))
    desk, said = centre(service, monkeypatch)
    assert await desk.ask("POST", "/operators", {}) == {"id": 7}
    assert len(service.keys) == 4
    assert len(set(service.keys)) == 1
    assert said[0].startswith("The service is busy (POST /operators: the database does not answer)")
    await desk.close()


async def test_it_gives_up_in_the_end_and_says_what_was_not_done(monkeypatch: pytest.MonkeyPatch) -> None:
    desk, said = centre(Service(away(), away(), away(retry_s=30)), monkeypatch, patience_s=20.0)
    with pytest.raises(NotAnswered, match="POST /session: not done within 20 s, because the database does"):
        await desk.log_in("admin", "secret")
    assert len(said) == 2
    await desk.close()


async def test_what_is_refused_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    service = Service(httpx.Response(409, json={"code": "user.username_taken", "detail": "taken"}))
    desk, said = centre(service, monkeypatch)
    with pytest.raises(httpx.HTTPStatusError):
        await desk.ask("POST", "/users", {})
    assert (len(service.keys), said) == (1, [])
    await desk.close()
