"""The refusals of a connection before its request reaches the application."""

from typing import ClassVar, Final

from app.domain.errors import Refusal, Texts


class NotHttp(Refusal):
    """The bytes received are not an HTTP request."""

    code = "connection.not_http"
    status = 400
    texts = Texts(
        en="this is no HTTP request",
        et="see ei ole HTTP päring",
        ru="это не запрос HTTP",
    )


class RequestTooSlow(Refusal):
    """The request did not arrive in time."""

    code = "connection.too_slow"
    status = 408
    texts = Texts(
        en="the request did not come in time: send it at once",
        et="päring ei jõudnud õigel ajal kohale: saada see korraga",
        ru="запрос не пришёл вовремя: отправьте его сразу",
    )


class UrlTooLong(Refusal):
    """The URL is too long."""

    code = "connection.url_too_long"
    status = 414
    texts = Texts(
        en="a URL has at most {most_bytes} bytes: shorten it",
        et="URL-is on kõige rohkem {most_bytes} baiti: lühenda seda",
        ru="URL не длиннее {most_bytes} байт: сократите его",
    )
    most_bytes: int


class TooManyPipelined(Refusal):
    """Too many requests are waiting on the connection."""

    code = "connection.too_many_requests"
    status = 429
    texts = Texts(
        en="at most {most} requests may wait on a connection: wait for their answers",
        et="ühel ühendusel võib oodata kõige rohkem {most} päringut: oota vastuseid",
        ru="на одном соединении может ждать не больше {most} запросов: дождитесь ответов",
    )
    most: int


class HeadersTooLarge(Refusal):
    """The headers of the request are too large, or too many."""

    code = "connection.headers_too_large"
    status = 431
    texts = Texts(
        en="the headers of a request have at most {most_bytes} bytes and {most_fields} fields: send less",
        et="päringu päistes on kõige rohkem {most_bytes} baiti ja {most_fields} välja: saada vähem",
        ru="в заголовках запроса не больше {most_bytes} байт и {most_fields} полей: пришлите меньше",
    )
    most_bytes: int
    most_fields: int


class TooManyConnections(Refusal):
    """The maximum number of connections is open."""

    code = "connection.too_many"
    status = 503
    headers: ClassVar = {"Retry-After": "2"}
    texts = Texts(
        en="too many connections: try again in a moment",
        et="liiga palju ühendusi: proovi hetke pärast uuesti",
        ru="слишком много соединений: попробуйте через минуту",
    )


BEFORE_REQUESTS: Final[tuple[type[Refusal], ...]] = (
    NotHttp,
    RequestTooSlow,
    UrlTooLong,
    TooManyPipelined,
    HeadersTooLarge,
    TooManyConnections,
)
"""The refusals that the connection itself answers, whatever the request."""
