"""What is refused of lists of consents and do-not-calls, beside what any file is."""

from app.domain.errors import Refusal, Texts


class ConsentListUnknown(Refusal):
    """There is no such list of consents or do-not-calls."""

    code = "consent_list.unknown"
    status = 404
    texts = Texts(
        en="no such list: it was forgotten, or never was",
        et="sellist loendit ei ole: see on kustutatud või pole seda olnudki",
        ru="такого списка нет: его удалили, или его не было",
    )
