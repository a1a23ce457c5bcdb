"""Refusals of the floor: requests that do not fit its state. Each is raised before anything is changed."""

from app.domain.errors import NotPossible, Texts


class NoWrapUp(NotPossible):
    """The operator is not in wrap-up."""

    code = "operator.no_wrap_up"
    texts = Texts(
        en="there is no wrap-up to end",
        et="järeltööd, mida lõpetada, ei ole",
        ru="поствызывной обработки, которую можно завершить, нет",
    )


class DispositionOwed(NotPossible):
    """A wrap-up cannot end before the call's disposition is set."""

    code = "operator.disposition_owed"
    texts = Texts(
        en="say first what the call came to",
        et="ütle enne, millega kõne lõppes",
        ru="сначала укажите, чем закончился звонок",
    )


class EndpointTaken(NotPossible):
    """The endpoint belongs to another operator."""

    code = "operator.endpoint_taken"
    texts = Texts(
        en="endpoint {endpoint} is another operator's",
        et="telefon {endpoint} on teise operaatori oma",
        ru="телефон {endpoint} принадлежит другому оператору",
    )
    endpoint: str


class EndpointInCall(NotPossible):
    """An operator's endpoint cannot be changed during a call."""

    code = "operator.endpoint_in_call"
    texts = Texts(
        en="the phone cannot be changed during a call",
        et="kõne ajal ei saa telefoni vahetada",
        ru="во время звонка телефон сменить нельзя",
    )


class OperatorInCall(NotPossible):
    """The operator is in a call and cannot leave the floor before it ends."""

    code = "operator.in_call"
    texts = Texts(
        en="the operator is in a call: wait for its end",
        et="operaator on kõnes: oota kõne lõppu",
        ru="оператор разговаривает: дождитесь конца звонка",
    )


class OperatorNotOnFloor(NotPossible):
    """No operator with this id is on the floor."""

    code = "operator.not_on_floor"
    texts = Texts(
        en="there is no operator {operator} on the floor",
        et="operaatorit {operator} tööl ei ole",
        ru="оператора {operator} на линии нет",
    )
    operator: int


class QueueNotOnFloor(NotPossible):
    """No queue with this id is on the floor."""

    code = "queue.not_on_floor"
    texts = Texts(
        en="there is no queue {queue} on the floor",
        et="järjekorda {queue} ei teenindata",
        ru="очередь {queue} не обслуживается",
    )
    queue: str


class CallersWait(NotPossible):
    """A queue cannot be removed while callers wait in it."""

    code = "queue.callers_wait"
    texts = Texts(
        en="callers wait in the queue {queue}: wait until they are served",
        et="järjekorras {queue} ootavad helistajad: oota, kuni nad on teenindatud",
        ru="в очереди {queue} ждут звонящие: дождитесь, пока их обслужат",
    )
    queue: str


class CallOver(NotPossible):
    """The call has ended."""

    code = "call.over"
    texts = Texts(
        en="the call is over",
        et="kõne on lõppenud",
        ru="звонок завершён",
    )


class NotInTalk(NotPossible):
    """The operator does not talk with the customer of this call."""

    code = "call.not_in_talk"
    texts = Texts(
        en="you do not talk with this customer now: only who talks with them can transfer them",
        et="sa ei räägi praegu selle kliendiga: suunata saab teda vaid see, kes temaga räägib",
        ru="вы сейчас не говорите с этим клиентом: перевести его может только тот, кто с ним говорит",
    )


class CallUnsteerable(NotPossible):
    """The call cannot be moved or ended now: a phone rings for it, it is being connected, or it is parked."""

    code = "call.unsteerable"
    texts = Texts(
        en="that cannot be done with this call now, because a phone rings for it: try again in a moment",
        et="praegu ei saa selle kõnega seda teha, sest telefon heliseb: proovi hetke pärast uuesti",
        ru="сейчас с этим звонком так нельзя, потому что звонит телефон: попробуйте чуть позже",
    )


class CampaignQueueAway(NotPossible):
    """The campaign's queue is not on the floor."""

    code = "campaign.queue_away"
    texts = Texts(
        en="the campaign's queue {queue} is not on the floor: bring it back, or give the campaign another",
        et="kampaania järjekorda {queue} ei teenindata: taasta see või anna kampaaniale teine",
        ru="очередь кампании {queue} не обслуживается: верните её или дайте кампании другую",
    )
    queue: str


class TrunkInUse(NotPossible):
    """A campaign cannot change its trunk while its calls are under way."""

    code = "campaign.trunk_in_use"
    texts = Texts(
        en="the trunk cannot be changed while calls are under way: pause the campaign, and wait for their end",
        et="kõnede ajal ei saa liini vahetada: peata kampaania ja oota kõnede lõppu",
        ru="пока идут звонки, линию сменить нельзя: приостановите кампанию и дождитесь их окончания",
    )


class CampaignNotOnFloor(NotPossible):
    """The campaign is not on the floor: it is not dialling and has no calls under way."""

    code = "campaign.not_on_floor"
    status = 404
    texts = Texts(
        en="campaign {campaign} is not on the floor: it neither dials nor has calls under way; start it first",
        et="kampaania {campaign} ei tööta: see ei helista ja kõnesid ei ole pooleli; käivita see enne",
        ru="кампания {campaign} не работает: она не звонит, и звонков в ней нет; сначала запустите её",
    )
    campaign: int


class CampaignCalling(NotPossible):
    """A campaign cannot leave the floor while its calls are under way."""

    code = "campaign.calling"
    texts = Texts(
        en="calls of this campaign are under way: wait for their end",
        et="selle kampaania kõned on pooleli: oota nende lõppu",
        ru="звонки этой кампании ещё идут: дождитесь их окончания",
    )


class CampaignAtRest(NotPossible):
    """A lead cannot be called while its campaign is not running."""

    code = "campaign.at_rest"
    texts = Texts(
        en="the campaign does not run now: skip the lead, or wait until it runs again",
        et="kampaania praegu ei tööta: jäta klient vahele või oota, kuni see jälle töötab",
        ru="кампания сейчас не работает: пропустите клиента или подождите, пока она снова заработает",
    )


class PbxAway(NotPossible):
    """The service has no connection to the PBX, so nothing can be dialled."""

    code = "pbx.away"
    status = 503
    texts = Texts(
        en="the PBX cannot be heard: try again in a moment",
        et="telefonikeskjaamaga ei ole ühendust: proovi hetke pärast uuesti",
        ru="нет связи с телефонной станцией: повторите через минуту",
    )


class NoFreeLine(NotPossible):
    """All lines of the campaign's trunk are in use."""

    code = "campaign.no_free_line"
    texts = Texts(
        en="there is no free line now: try again in a moment",
        et="praegu ei ole vaba liini: proovi hetke pärast uuesti",
        ru="сейчас нет свободной линии: повторите через минуту",
    )


class NoPreview(NotPossible):
    """No lead is shown to the operator now."""

    code = "preview.none"
    texts = Texts(
        en="you are not shown a lead now: wait for the next one",
        et="sulle ei ole praegu klienti näidatud: oota järgmist",
        ru="сейчас вам клиент не показан: дождитесь следующего",
    )


class PreviewDialling(NotPossible):
    """The lead shown to the operator is already being dialled."""

    code = "preview.dialling"
    texts = Texts(
        en="the lead is being dialled already: wait for the answer",
        et="kliendile juba helistatakse: oota vastust",
        ru="клиенту уже звонят: дождитесь ответа",
    )
