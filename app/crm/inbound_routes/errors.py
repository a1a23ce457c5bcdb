"""What is refused about numbers and where they lead."""

from app.domain.errors import Refusal, Texts


class RouteUnknown(Refusal):
    """The number has no route."""

    code = "route.unknown"
    status = 404
    texts = Texts(
        en="the number {number} leads nowhere",
        et="number {number} ei vii kuhugi",
        ru="номер {number} никуда не ведёт",
    )
    number: str


class RouteTargetUnknown(Refusal):
    """The route names a queue or operator that does not exist."""

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
    """The number already has a route to something else."""

    code = "route.number_taken"
    texts = Texts(
        en="the number {number} leads elsewhere already: choose another, or remove its route first",
        et="number {number} viib juba mujale: vali teine või eemalda enne selle suund",
        ru="номер {number} уже ведёт в другое место: выберите другой или сначала удалите его маршрут",
    )
    number: str
