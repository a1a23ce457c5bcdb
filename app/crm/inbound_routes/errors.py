"""What is refused about numbers and where they lead."""

from app.domain.errors import Refusal, Texts


class RouteUnknown(Refusal):
    """The number leads nowhere."""

    code = "route.unknown"
    status = 404
    texts = Texts(
        en="the number {number} leads nowhere",
        et="number {number} ei vii kuhugi",
        ru="номер {number} никуда не ведёт",
    )
    number: str


class RouteTargetUnknown(Refusal):
    """There is nothing of that name to lead to."""

    code = "route.target_unknown"
    status = 404
    texts = Texts(
        en="there is no {kind} {target} to lead to",
        et="sihti {kind} {target} ei ole",
        ru="цели {kind} {target} нет",
    )
    kind: str
    target: str


class NumberTaken(Refusal):
    """The number leads elsewhere already."""

    code = "route.number_taken"
    texts = Texts(
        en="the number {number} leads elsewhere already: choose another, or remove its route first",
        et="number {number} viib juba mujale: valige teine või eemaldage enne selle suund",
        ru="номер {number} уже ведёт в другое место: выберите другой или сначала удалите его маршрут",
    )
    number: str
