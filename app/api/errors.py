"""What any request may be refused for."""

from collections.abc import Sequence
from typing import ClassVar

from app.domain.errors import Refusal, Texts, WordedRefusal


class RequestUnreadable(Refusal):
    """The body or its encoding cannot be read."""

    code = "request.unreadable"
    status = 400
    texts = Texts(
        en="the request cannot be read: send JSON in UTF-8",
        et="päringut ei saa lugeda: saada JSON kodeeringus UTF-8",
        ru="запрос не читается: пришлите JSON в кодировке UTF-8",
    )


class RequestUnfit(Refusal):
    """Fields of the request do not fit; `errors` names each, the first hundred."""

    code = "request.unfit"
    status = 422
    texts = Texts(
        en="the request does not fit",
        et="päring ei sobi",
        ru="запрос не подходит",
    )

    def __init__(self, errors: Sequence[tuple[str, WordedRefusal]]) -> None:
        self._errors = tuple(errors)

    @property
    def errors(self) -> Sequence[tuple[str, WordedRefusal]]:
        """Paths into the request, each with what is wrong there."""
        return self._errors


class FieldUnfit(Refusal):
    """One field of a request does not fit; `reason` is the check that it failed, such as `string_too_long`."""

    code = "request.field_unfit"
    status = 422
    texts = Texts(en="{why}", et="väärtus ei sobi: {why}", ru="значение не подходит: {why}")
    reason: str
    why: str


class AddressUnknown(Refusal):
    """There is nothing at this address."""

    code = "address.unknown"
    status = 404
    texts = Texts(
        en="there is nothing at this address; /api/v1/openapi.json lists all there are",
        et="sellel aadressil ei ole midagi; kõik aadressid on loetelus /api/v1/openapi.json",
        ru="по этому адресу ничего нет; все адреса перечислены в /api/v1/openapi.json",
    )


class MethodUnknown(Refusal):
    """The address does not know this method."""

    code = "address.method_unknown"
    status = 405
    texts = Texts(
        en="this address does not know that method; /api/v1/openapi.json lists those it knows",
        et="see aadress ei tunne seda meetodit; tuntud meetodid on loetelus /api/v1/openapi.json",
        ru="этот адрес не знает такого метода; известные методы перечислены в /api/v1/openapi.json",
    )


class RowsConflict(Refusal):
    """The request names what is not there, or repeats what must be unique."""

    code = "request.conflict"
    texts = Texts(
        en="it names something that does not exist, or something that must be unique exists",
        et="nimetatud asja ei ole olemas, või midagi, mis peab olema ainus, on juba olemas",
        ru="названного не существует, или то, что должно быть единственным, уже есть",
    )


class ServiceFault(Refusal):
    """A fault of the service; its log has it under the id in `instance`."""

    code = "service.fault"
    status = 500
    texts = Texts(
        en="a fault of the service; its log has it, by the number in instance",
        et="teenuse viga; logis on see väljal instance oleva numbri all",
        ru="ошибка службы; в журнале она под номером из поля instance",
    )


class DatabaseAway(Refusal):
    """The database does not answer; the request may be repeated after `Retry-After`."""

    code = "database.away"
    status = 503
    headers: ClassVar = {"Retry-After": "2"}
    texts = Texts(
        en="the database does not answer",
        et="andmebaas ei vasta",
        ru="база данных не отвечает",
    )


class KeyUnfit(Refusal):
    """An `Idempotency-Key` that is empty or too long."""

    code = "idempotency.key_unfit"
    status = 422
    texts = Texts(
        en="an Idempotency-Key has 1 to {characters} characters",
        et="Idempotency-Key on 1 kuni {characters} märki pikk",
        ru="длина Idempotency-Key: от 1 до {characters} знаков",
    )
    characters: int


class KeyUsed(Refusal):
    """The `Idempotency-Key` came with another request before."""

    code = "idempotency.key_used"
    status = 422
    texts = Texts(
        en="this Idempotency-Key came with another request before",
        et="see Idempotency-Key oli juba teisel päringul",
        ru="этот Idempotency-Key уже был у другого запроса",
    )


class KeyBusy(Refusal):
    """The first request with this `Idempotency-Key` is still being done."""

    code = "idempotency.key_busy"
    texts = Texts(
        en="the first request with this Idempotency-Key is still being done",
        et="esimest selle Idempotency-Key päringut alles täidetakse",
        ru="первый запрос с этим Idempotency-Key ещё выполняется",
    )


class TooManyRequests(Refusal):
    """Too many of the user's requests are being done at once."""

    code = "request.too_many"
    status = 429
    texts = Texts(
        en="{requests} of your requests are being done: wait for their answers",
        et="sinu päringuid täidetakse praegu {requests}: oota nende vastuseid",
        ru="сейчас выполняется ваших запросов: {requests}; дождитесь ответов",
    )
    requests: int
