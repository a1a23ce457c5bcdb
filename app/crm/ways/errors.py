"""What is refused because callers would get nowhere."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class CallersGetNowhere(Refusal):
    """After the change, callers would get nowhere by something."""

    code = "ways.end_nowhere"
    texts = Texts(
        en="then callers would get nowhere by {ways}: lead these elsewhere first",
        et="siis ei jõuaks helistajad kuhugi, kui tee on {ways}: suuna need enne mujale",
        ru="тогда звонящие никуда не попали бы: {ways}; сначала направьте их в другое место",
    )
    ways: Sequence[str]
    """The numbers, queues and departments."""


class QueuesGoRound(Refusal):
    """Queues would overflow into each other in a circle."""

    code = "queue.overflows_in_circle"
    texts = Texts(
        en="a caller would go round in a circle: {queues}; let one of them overflow elsewhere, or let callers "
        "stay in it",
        et="helistaja käiks ringi: {queues}; las üks neist suunab mujale või jäävad helistajad ühte neist ootama",
        ru="звонящий ходил бы по кругу: {queues}; пусть одна из них направляет в другое место или звонящие в ней "
        "остаются",
    )
    queues: Sequence[str]


NOWHERE = (CallersGetNowhere, QueuesGoRound)
"""The refusals of whatever changes the ways of callers."""
