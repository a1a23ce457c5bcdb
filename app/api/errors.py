"""Refusals that any request may meet."""

from collections.abc import Sequence
from typing import ClassVar, Final

from app.domain.errors import Refusal, Texts


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
    """Fields of the request are not valid; `errors` names each, the first hundred."""

    code = "request.unfit"
    status = 422
    texts = Texts(
        en="the request does not fit",
        et="päring ei sobi",
        ru="запрос не подходит",
    )

    def __init__(self, errors: Sequence[tuple[str, Refusal]]) -> None:
        self._errors = tuple(errors)

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """Paths into the request, each with what is wrong there."""
        return self._errors


class FieldUnfit(Refusal):
    """One field of the request is not valid; `reason` is the check that it failed, such as `bytes_too_long`."""

    code = "request.field_unfit"
    status = 422
    texts = Texts(
        en="the value does not fit ({reason})",
        et="väärtus ei sobi ({reason})",
        ru="значение не подходит ({reason})",
    )
    reason: str
    why: str
    """The check's own English text."""


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
    """The address does not support this method."""

    code = "address.method_unknown"
    status = 405
    texts = Texts(
        en="this address does not know that method; /api/v1/openapi.json lists those it knows",
        et="see aadress ei tunne seda meetodit; tuntud meetodid on loetelus /api/v1/openapi.json",
        ru="этот адрес не знает такого метода; известные методы перечислены в /api/v1/openapi.json",
    )


class RowsConflict(Refusal):
    """The request names something that does not exist, or repeats a value that must be unique."""

    code = "request.conflict"
    texts = Texts(
        en="it names something that does not exist, or something that must be unique exists",
        et="nimetatud asja ei ole olemas, või midagi, mis peab olema ainus, on juba olemas",
        ru="названного не существует, или то, что должно быть единственным, уже есть",
    )


class RangeUnfit(Refusal):
    """The header `Range` asks for bytes that the file does not have, or cannot be read."""

    code = "request.range_unfit"
    status = 416
    texts = Texts(
        en="the header Range does not fit the file of {bytes} bytes; without it the whole file is sent",
        et="päis Range ei sobi failile, milles on {bytes} baiti; ilma päiseta saadetakse kogu fail",
        ru="заголовок Range не подходит к файлу размером {bytes} байт; без него придёт весь файл",
    )
    bytes: int


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
    """The `Idempotency-Key` is empty or too long."""

    code = "idempotency.key_unfit"
    status = 422
    texts = Texts(
        en="an Idempotency-Key has 1 to {characters} characters",
        et="Idempotency-Key on 1 kuni {characters} märki pikk",
        ru="длина Idempotency-Key: от 1 до {characters} знаков",
    )
    characters: int


class KeyUsed(Refusal):
    """The `Idempotency-Key` was used with a different request before."""

    code = "idempotency.key_used"
    status = 422
    texts = Texts(
        en="this Idempotency-Key came with another request before",
        et="see Idempotency-Key oli juba teisel päringul",
        ru="этот Idempotency-Key уже был у другого запроса",
    )


class AnswerErased(Refusal):
    """The request with this `Idempotency-Key` was done, and its answer was about a person who was erased."""

    code = "idempotency.answer_erased"
    status = 410
    texts = Texts(
        en="this request was done before, and the person whom its answer was about has been erased",
        et="see päring on juba täidetud ja inimene, kelle kohta vastus käis, on kustutatud",
        ru="этот запрос уже выполнен, а данные человека, о котором был ответ, удалены",
    )


class KeyBusy(Refusal):
    """The first request with this `Idempotency-Key` is still in progress."""

    code = "idempotency.key_busy"
    texts = Texts(
        en="the first request with this Idempotency-Key is still being done",
        et="esimest selle Idempotency-Key päringut alles täidetakse",
        ru="первый запрос с этим Idempotency-Key ещё выполняется",
    )


class TooManyRequests(Refusal):
    """Too many of the user's requests are in progress at once."""

    code = "request.too_many"
    status = 429
    texts = Texts(
        en="{requests} of your requests are being done: wait for their answers",
        et="sinu päringuid täidetakse praegu {requests}: oota nende vastuseid",
        ru="сейчас выполняется ваших запросов: {requests}; дождитесь ответов",
    )
    requests: int


class TooManyExports(Refusal):
    """Too many files are being made or sent at once."""

    code = "export.too_many"
    status = 429
    texts = Texts(
        en="{most} files are being made or sent now: try again in a moment",
        et="praegu tehakse või saadetakse {most} faili: proovi hetke pärast uuesti",
        ru="сейчас готовится или отправляется {most} файлов: повторите чуть позже",
    )
    most: int
    retry_after_s: int


class CursorUnknown(Refusal):
    """The service did not issue this `cursor`."""

    code = "request.cursor_unknown"
    status = 422
    texts = Texts(
        en="this cursor is not one of ours: begin without one, and go on with `next` of the page before",
        et="see kursor ei ole siit: alusta ilma selleta ja jätka eelmise lehe väljaga `next`",
        ru="этот курсор не отсюда: начните без него и продолжайте с `next` предыдущей страницы",
    )


class AddressWithNul(Refusal):
    """The address has NUL characters."""

    code = "address.nul"
    status = 422
    texts = Texts(
        en="an address has no NUL characters: leave them out",
        et="aadressis ei ole NUL-märke: jäta need ära",
        ru="в адресе не бывает знаков NUL: уберите их",
    )


class WebsocketOnly(Refusal):
    """The address takes websocket connections only."""

    code = "address.websocket_only"
    status = 426
    headers: ClassVar = {"Upgrade": "websocket"}
    texts = Texts(
        en="this address speaks websocket: connect to it with one",
        et="see aadress räägib veebisoklit (websocket): ühendu sellega",
        ru="этот адрес работает по websocket: подключитесь к нему так",
    )


class BodyTooLarge(Refusal):
    """The body has more bytes than allowed."""

    code = "request.too_large"
    status = 413
    headers: ClassVar = {"Connection": "close"}
    texts = Texts(
        en="a body has at most {most_bytes} bytes: send less",
        et="päringu sisu on kõige rohkem {most_bytes} baiti: saada vähem",
        ru="тело запроса: не больше {most_bytes} байт; пришлите меньше",
    )
    most_bytes: int


class BodyOfTooManyParts(Refusal):
    """The body has more brackets, braces and commas than allowed: too many items to be read in one piece."""

    code = "request.too_many_parts"
    status = 413
    headers: ClassVar = {"Connection": "close"}
    texts = Texts(
        en="a body has at most {most} brackets, braces and commas: send its items in several requests",
        et="päringu sisus on kõige rohkem {most} sulgu ja koma: saada selle osad mitme päringuga",
        ru="в теле запроса не больше {most} скобок и запятых; пришлите его части несколькими запросами",
    )
    most: int


class NotLoggedIn(Refusal):
    """The request has no session or token, or it has expired."""

    code = "session.missing"
    status = 401
    headers: ClassVar = {"WWW-Authenticate": "Bearer"}
    texts = Texts(
        en="log in first",
        et="logi kõigepealt sisse",
        ru="сначала войдите",
    )


class PermissionMissing(Refusal):
    """The user's role lacks the permission that the request needs."""

    code = "permission.missing"
    status = 403
    texts = Texts(
        en="this needs the permission {permission}, which the role {role} does not have",
        et="selleks on vaja õigust {permission}, mida rollil {role} ei ole",
        ru="для этого нужно право {permission}, которого нет у роли {role}",
    )
    permission: str
    role: str


class SubjectUnknown(Refusal):
    """There is no subject of this name; `subjects` are those that there are."""

    code = "changes.subject_unknown"
    status = 422
    texts = Texts(
        en="there is no subject {subject}; there are {subjects}",
        et="teemat {subject} ei ole; on {subjects}",
        ru="темы {subject} нет; есть {subjects}",
    )
    subject: str
    subjects: Sequence[str]


class EventKindUnknown(Refusal):
    """There are no events of a kind that is asked for; `kinds` are those of its subject."""

    code = "changes.kind_unknown"
    status = 422
    texts = Texts(
        en="there are no events of the kind {kind}; there are {kinds}",
        et="sündmusi liigist {kind} ei ole; on {kinds}",
        ru="событий вида {kind} нет; есть {kinds}",
    )
    kind: str
    kinds: Sequence[str]


UNKNOWN_KINDS: Final = (SubjectUnknown, EventKindUnknown)
"""What is refused where kinds of events are asked for."""


class OtherSite(Refusal):
    """The request comes from a page of another site."""

    code = "page.other_site"
    status = 403
    texts = Texts(
        en="a page of another site may not ask this",
        et="teise saidi leht ei tohi seda küsida",
        ru="страница другого сайта не может этого просить",
    )


class HttpsUntold(Refusal):
    """The browser opened the page by HTTPS, but the service is set to HTTP."""

    code = "page.https_untold"
    status = 403
    texts = Texts(
        en="this page was opened by HTTPS, but the service was told of HTTP: set KESKUS__HTTP__HTTPS=true, or name the "
        "proxy in front in KESKUS__HTTP__PROXIES and let it send X-Forwarded-Proto",
        et="see leht avati HTTPS-iga, aga teenusele on öeldud HTTP: määra KESKUS__HTTP__HTTPS=true või nimeta ees olev "
        "proksi seades KESKUS__HTTP__PROXIES ja lase sel saata X-Forwarded-Proto",
        ru="страница открыта по HTTPS, а службе указан HTTP: задайте KESKUS__HTTP__HTTPS=true или назовите прокси "
        "в KESKUS__HTTP__PROXIES, и пусть он посылает X-Forwarded-Proto",
    )


class HttpsOnly(Refusal):
    """The browser opened the page by HTTP, but the service is set to HTTPS."""

    code = "page.https_only"
    status = 403
    texts = Texts(
        en="this page was opened by HTTP, but KESKUS__HTTP__HTTPS says that browsers use HTTPS: open it by https://",
        et="see leht avati HTTP-ga, aga seade KESKUS__HTTP__HTTPS ütleb, et brauserid kasutavad HTTPS-i: ava see "
        "aadressilt https://",
        ru="страница открыта по HTTP, а по KESKUS__HTTP__HTTPS браузеры используют HTTPS: откройте её по https://",
    )


class HostUntold(Refusal):
    """The reverse proxy does not pass on the host that the browser asked for."""

    code = "page.host_untold"
    status = 403
    texts = Texts(
        en="the proxy in front does not say which host the browser asked for: let it pass the Host header, with the "
        "port where it is not 443 (nginx: proxy_set_header Host $http_host), or name it in KESKUS__HTTP__PROXIES and "
        "let it send X-Forwarded-Host",
        et="ees olev proksi ei ütle, millist hosti brauser küsis: lase sel edastada päis Host koos pordiga, kui see ei "
        "ole 443 (nginx: proxy_set_header Host $http_host), või nimeta proksi seades KESKUS__HTTP__PROXIES ja lase sel "
        "saata X-Forwarded-Host",
        ru="прокси не сообщает, какой хост запросил браузер: пусть он передаёт заголовок Host, с портом, если это не "
        "443 (nginx: proxy_set_header Host $http_host), или назовите его в KESKUS__HTTP__PROXIES, и пусть он посылает "
        "X-Forwarded-Host",
    )


class TooManyWrongPasswords(Refusal):
    """Too many wrong passwords were tried for this name or from this address."""

    code = "session.too_many_wrong"
    status = 429
    texts = Texts(
        en="too many wrong log-ins: try again in {retry_after_s} s",
        et="liiga palju valesid sisselogimisi: proovi uuesti {retry_after_s} s pärast",
        ru="слишком много неверных входов: попробуйте снова через {retry_after_s} с",
    )
    retry_after_s: int


class TooManyLogIns(Refusal):
    """Too many log-ins were tried for this name or from this address."""

    code = "session.too_many"
    status = 429
    texts = Texts(
        en="too many log-ins: try again in {retry_after_s} s",
        et="liiga palju sisselogimisi: proovi uuesti {retry_after_s} s pärast",
        ru="слишком много входов: попробуйте снова через {retry_after_s} с",
    )
    retry_after_s: int


class LogInsBusy(Refusal):
    """Too many log-ins are waiting at once."""

    code = "session.busy"
    status = 503
    texts = Texts(
        en="many log-ins at once: try again in a moment",
        et="palju sisselogimisi korraga: proovi hetke pärast uuesti",
        ru="много входов сразу: попробуйте через минуту",
    )


class FilesUntaken(Refusal):
    """The service is not set up to take files."""

    code = "file.untaken"
    status = 404
    texts = Texts(
        en="no files are taken here",
        et="siin faile vastu ei võeta",
        ru="здесь файлы не принимаются",
    )
