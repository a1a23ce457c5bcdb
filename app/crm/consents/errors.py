"""What is refused about consents and do-not-calls."""

from app.domain.errors import Refusal, Texts


class ConsentUnknown(Refusal):
    """There is no consent or do-not-call with this id."""

    code = "consent.unknown"
    status = 404
    texts = Texts(
        en="there is no consent or do-not-call with this id",
        et="selle tunnusega nõusolekut ega helistamiskeeldu ei ole",
        ru="нет ни согласия, ни запрета звонить с таким идентификатором",
    )


class ConsentUnfit(Refusal):
    """A consent or do-not-call cannot be written down; the subclasses say why."""

    status = 422


class ConsentOfNobody(ConsentUnfit):
    """A consent or do-not-call names neither a number nor a contact, or both."""

    code = "consent.of_nobody"
    texts = Texts(
        en="it is about a number or about a contact: give one of both",
        et="see käib kas numbri või kontakti kohta: anna üks neist",
        ru="это относится либо к номеру, либо к контакту: укажите одно из двух",
    )


class ConsentEndsTooSoon(ConsentUnfit):
    """A consent or do-not-call ends before it begins."""

    code = "consent.ends_too_soon"
    texts = Texts(
        en="it is over before it begins: let it end later, or leave its end out",
        et="see lõpeb enne, kui algab: määra hilisem lõpp või jäta lõpp ära",
        ru="это заканчивается раньше, чем начинается: укажите более поздний конец или не указывайте его",
    )
