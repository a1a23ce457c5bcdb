"""What is refused about the stream of events."""

from app.domain.errors import Refusal, Texts


class TooManyStreams(Refusal):
    """Too many programs, or too many of one user, read the stream of events."""

    code = "events.too_many_streams"
    status = 429
    texts = Texts(
        en="too many programs read the stream of events, {of_user} of one user at most: close one, or come later",
        et="sündmuste voogu loeb liiga palju programme, ühel kasutajal kuni {of_user}: sulge üks või tule hiljem",
        ru="поток событий читает слишком много программ, до {of_user} у пользователя: закройте одну или зайдите позже",
    )
    of_user: int
