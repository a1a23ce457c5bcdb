"""What is refused about queues."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class QueueUnknown(Refusal):
    """There is no queue with this id."""

    code = "queue.unknown"
    status = 404
    texts = Texts(
        en="there is no queue {queue}",
        et="järjekorda {queue} ei ole",
        ru="очереди {queue} нет",
    )
    queue: str


class PopUrlUnfit(Refusal):
    """The address that is to be opened when a phone rings cannot be."""

    code = "queue.pop_url_unfit"
    status = 422
    texts = Texts(
        en="{part} does not fit into pop_url: write an http or https address, with these variables after the host: "
        "{variables}; or {crm_url} alone",
        et="{part} ei sobi välja pop_url: kirjuta http- või https-aadress, mille hosti järel on need muutujad: "
        "{variables}; või ainult {crm_url}",
        ru="{part} не подходит для pop_url: напишите адрес http или https, после хоста которого могут стоять "
        "переменные: {variables}; либо только {crm_url}",
    )
    part: str
    """The variable that is unknown, or the address."""
    variables: Sequence[str]
    crm_url: str


class QueueExists(Refusal):
    """There is already a queue with this id."""

    code = "queue.exists"
    texts = Texts(
        en="there is a queue {queue} already: give it another id",
        et="järjekord {queue} on juba olemas: anna sellele teine tunnus",
        ru="очередь {queue} уже есть: дайте ей другой идентификатор",
    )
    queue: str


class NumbersLeadToQueue(Refusal):
    """A queue cannot be removed while numbers are routed to it."""

    code = "queue.numbers_lead_here"
    texts = Texts(
        en="these numbers lead to the queue {queue}: {numbers}; let them lead elsewhere first",
        et="järjekorda {queue} viivad numbrid {numbers}: suuna need enne mujale",
        ru="в очередь {queue} ведут номера {numbers}: сначала направьте их в другое место",
    )
    queue: str
    numbers: Sequence[str]


class QueuesOverflowIntoIt(Refusal):
    """A queue cannot be removed while callers of others go there, after the longest wait or while those are paused."""

    code = "queue.queues_overflow_here"
    texts = Texts(
        en="callers of {queues} go on to the queue {queue}; let them go elsewhere first",
        et="järjekorda {queue} lähevad edasi helistajad järjekordadest {queues}: suuna nad enne mujale",
        ru="в очередь {queue} переходят звонящие очередей {queues}: сначала направьте их в другое место",
    )
    queue: str
    queues: Sequence[str]
    """Their ids."""


class OverflowUnnamed(Refusal):
    """Callers are to go to another queue after the longest wait, but none is named."""

    code = "queue.overflow_unnamed"
    status = 422
    texts = Texts(
        en="name the queue to which callers go after the longest wait, or let them stay",
        et="nimeta järjekord, kuhu helistajad pärast pikimat ootamist lähevad, või las nad jäävad",
        ru="назовите очередь, в которую звонящие идут после самого долгого ожидания, или пусть они остаются",
    )


class QueueSoundUnknown(Refusal):
    """The message that is played before a call ends is no sound that was brought in."""

    code = "queue.sound_unknown"
    texts = Texts(
        en="there is no sound file {sound}: bring it in first, or name another",
        et="helifaili {sound} ei ole: lisa see enne või nimeta mõni teine",
        ru="звукового файла {sound} нет: сначала добавьте его или назовите другой",
    )
    sound: str


class CampaignsUseQueue(Refusal):
    """A queue cannot be removed while campaigns use it."""

    code = "queue.campaigns_use_it"
    texts = Texts(
        en="these campaigns use the queue {queue}: {campaigns}; give them another one first",
        et="järjekorda {queue} kasutavad kampaaniad {campaigns}: anna neile enne teine",
        ru="очередь {queue} используют кампании {campaigns}: сначала назначьте им другую",
    )
    queue: str
    campaigns: Sequence[str]


KEPT = (OverflowUnnamed, PopUrlUnfit, QueueSoundUnknown)
"""The refusals of a queue's fields."""
