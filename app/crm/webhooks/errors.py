"""What is refused about webhooks and the stream of events."""

from app.domain.errors import Refusal, Texts


class WebhookUnknown(Refusal):
    """There is no such webhook."""

    code = "webhook.unknown"
    status = 404
    texts = Texts(
        en="there is no webhook {webhook}: somebody has removed it, or it never was",
        et="veebihaaki {webhook} ei ole: keegi on selle kustutanud või pole seda olnudki",
        ru="вебхука {webhook} нет: его удалили, или его не было",
    )
    webhook: int


class TooManyWebhooks(Refusal):
    """The centre has the maximum number of webhooks."""

    code = "webhook.too_many"
    texts = Texts(
        en="there are {most} webhooks, and no more may be made: remove those that nobody needs",
        et="veebihaake on {most} ja rohkem teha ei saa: kustuta need, mida keegi ei vaja",
        ru="вебхуков уже {most}, и больше создать нельзя: удалите ненужные",
    )
    most: int


class WebhookUrlUnfit(Refusal):
    """The address is no `https` address without a user and a fragment."""

    code = "webhook.url_unfit"
    status = 422
    texts = Texts(
        en="this is no address of a receiver: write https://, the host and the path, without a user and without #",
        et="see ei ole vastuvõtja aadress: kirjuta https://, host ja tee, ilma kasutajata ja märgita #",
        ru="это не адрес получателя: напишите https://, узел и путь, без пользователя и без #",
    )


class WebhookUrlPrivate(Refusal):
    """The address is inside, and the settings do not allow it."""

    code = "webhook.url_private"
    status = 422
    texts = Texts(
        en="this address is private or local: the setting webhooks.networks must name its network first",
        et="see aadress on sisevõrgu või kohalik: säte webhooks.networks peab enne nimetama selle võrgu",
        ru="этот адрес частный или локальный: сначала его сеть должна быть в настройке webhooks.networks",
    )


class WebhookOff(Refusal):
    """The webhook is turned off."""

    code = "webhook.off"
    texts = Texts(
        en="the webhook is turned off: turn it on first",
        et="veebihaak on välja lülitatud: lülita see enne sisse",
        ru="вебхук выключен: сначала включите его",
    )


class DeliveryUnknown(Refusal):
    """The webhook has no such delivery."""

    code = "webhook.delivery_unknown"
    status = 404
    texts = Texts(
        en="the webhook has no such delivery: it is too old, or it never was",
        et="veebihaagil sellist saadetist ei ole: see on liiga vana või pole seda olnudki",
        ru="у вебхука нет такой доставки: она слишком старая, или её не было",
    )


class DeliveryOnItsWay(Refusal):
    """The delivery is being sent, or waits for an earlier event of its subject."""

    code = "webhook.delivery_on_its_way"
    texts = Texts(
        en="the delivery is on its way, or waits for an earlier event of the same subject: send that one",
        et="saadetis on teel või ootab sama teema varasemat sündmust: saada see",
        ru="доставка уже в пути или ждёт более раннего события того же предмета: отправьте его",
    )


class EventGone(Refusal):
    """The event of the delivery is too old: it is kept no more."""

    code = "webhook.event_gone"
    texts = Texts(
        en="the event is kept no more, so it cannot be sent again",
        et="sündmust enam ei hoita, seda ei saa uuesti saata",
        ru="событие больше не хранится, отправить его снова нельзя",
    )


class PeriodUnfit(Refusal):
    """The end of the period is not after its begin."""

    code = "webhook.period_unfit"
    status = 422
    texts = Texts(
        en="the period ends before it begins: let to_at be later than from_at",
        et="ajavahemik lõpeb enne algust: to_at peab olema hilisem kui from_at",
        ru="период кончается раньше, чем начинается: to_at должно быть позже from_at",
    )


class TooManyResends(Refusal):
    """Too many periods of the webhook are still being sent again."""

    code = "webhook.too_many_resends"
    texts = Texts(
        en="{most} periods are being sent again already: wait until one is done",
        et="{most} ajavahemikku saadetakse juba uuesti: oota, kuni üks on valmis",
        ru="{most} периодов уже отправляются снова: дождитесь окончания одного",
    )
    most: int
