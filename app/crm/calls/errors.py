"""What is refused of calls."""

from app.domain.errors import Refusal, Texts


class CallUnknown(Refusal):
    """There is no such call, or the user took no part in it and may see only their own calls."""

    code = "call.unknown"
    status = 404
    texts = Texts(
        en="there is no call {call} for you; choose one from the list of calls",
        et="kõnet {call} sinu jaoks ei ole; vali kõne loendist",
        ru="звонка {call} для вас нет; выберите звонок из списка",
    )
    call: str
