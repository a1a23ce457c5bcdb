"""What is refused about duplicates."""

from app.domain.errors import Refusal, Texts


class DuplicateUnknown(Refusal):
    """There is no such pair."""

    code = "duplicate.unknown"
    status = 404
    texts = Texts(
        en="there is no such pair: one of the contacts is gone, or they no longer agree",
        et="sellist paari ei ole: üks kontaktidest on kadunud või nad ei lange enam kokku",
        ru="такой пары нет: одного из контактов больше нет, или они больше не совпадают",
    )
