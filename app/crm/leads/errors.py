"""What is refused of leads."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class LeadUnknown(Refusal):
    """There is no such lead, or the user may not see it."""

    code = "lead.unknown"
    status = 404
    texts = Texts(
        en="there is no lead {lead} for you; choose one from the list of leads or callbacks",
        et="klienti {lead} sinu jaoks ei ole; vali klient nimekirjast või tagasihelistamiste hulgast",
        ru="клиента {lead} для вас нет; выберите клиента из списка или из обратных звонков",
    )
    lead: int


class LeadBusy(Refusal):
    """The lead is reserved or being called just now."""

    code = "lead.busy"
    texts = Texts(
        en="the lead is being called just now: try again when the call is over",
        et="kliendile helistatakse parajasti: proovi uuesti, kui kõne on läbi",
        ru="клиенту сейчас звонят: повторите, когда звонок закончится",
    )


class CallbackMissing(Refusal):
    """The lead has no callback to cancel."""

    code = "lead.callback_missing"
    texts = Texts(
        en="the lead has no callback: there is nothing to take back",
        et="kliendil ei ole tagasihelistamist: tagasi võtta ei ole midagi",
        ru="у клиента нет обратного звонка: отменять нечего",
    )


class CallbackNotYours(Refusal):
    """An operator may not give a callback to a colleague."""

    code = "lead.callback_not_yours"
    status = 403
    texts = Texts(
        en="you cannot give a callback to another operator: ask a supervisor",
        et="tagasihelistamist teisele operaatorile anda sa ei saa: palu seda juhendajalt",
        ru="передать обратный звонок другому оператору вы не можете: попросите руководителя",
    )


class LeadsUnreadable(Refusal):
    """Numbers of some leads cannot be read; nothing was added. `errors` names each, the first hundred."""

    code = "lead.unreadable"
    status = 422
    texts = Texts(
        en="{count} of the leads cannot be read, and none was added; `errors` says which and why: mend or leave them "
        "out",
        et="{count} klienti ei saa lugeda ja ühtegi ei lisatud; `errors` ütleb, millised ja miks: paranda need või "
        "jäta välja",
        ru="клиентов, которых нельзя прочесть: {count}; никто не добавлен; `errors` называет, какие и почему: "
        "исправьте их или уберите",
    )
    count: int

    def __init__(self, unreadable: Sequence[tuple[int, Refusal]]) -> None:
        self.count = len(unreadable)
        self._unreadable = tuple(unreadable)

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """Which leads, and why."""
        return [(f"body.leads.{index}.numbers", why) for index, why in self._unreadable]
