"""Refusals of a change that names no version, or one that others have changed meanwhile."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class VersionMissing(Refusal):
    """The header `If-Match` is missing."""

    code = "version.missing"
    status = 428
    texts = Texts(
        en="send the header If-Match with the ETag of what you changed, so that nobody's work is overwritten "
        "unseen; If-Match: * overwrites whatever is there",
        et="saada päis If-Match selle ETag-iga, mida muutsid, et kellegi tööd märkamatult üle ei kirjutataks; "
        "If-Match: * kirjutab üle, mis iganes seal on",
        ru="пришлите заголовок If-Match с ETag того, что вы изменили, чтобы ничья работа не пропала незаметно; "
        "If-Match: * перезапишет всё, что там есть",
    )


class VersionUnreadable(Refusal):
    """The header `If-Match` has no ETag of this interface."""

    code = "version.unreadable"
    status = 400
    texts = Texts(
        en='If-Match must have the ETag of an answer as it came, such as "7", or *',
        et='päises If-Match peab olema vastuse ETag muutmata kujul, näiteks "7", või *',
        ru='в If-Match должен стоять ETag ответа без изменений, например "7", или *',
    )


class FieldPassed(Refusal):
    """A field that was changed meanwhile: by whom and when."""

    code = "version.field_passed"
    status = 412
    texts = Texts(
        en="{by} changed {field} at {at}",
        et="{by} muutis välja {field}, aeg {at}",
        ru="{by} изменил(а) поле {field}, время {at}",
    )
    field: str
    by: str
    """A display name; a kind of actor where nobody with a name acted."""
    at: str
    """ISO 8601, UTC."""


class VersionPassed(Refusal):
    """Others changed it since the version in `If-Match`; `errors` names each field, who changed it, and when."""

    code = "version.passed"
    status = 412
    texts = Texts(
        en="it was changed meanwhile: {fields} by {by}; load it anew, and make your change again",
        et="seda muudeti vahepeal: {fields}, muutja {by}; laadi see uuesti ja tee oma muudatus uuesti",
        ru="это тем временем изменили: {fields}, изменил(а) {by}; загрузите заново и повторите своё изменение",
    )
    version: int
    """The present version."""
    fields: Sequence[str]
    """The fields that differ; `-` alone where that is no longer on file."""
    by: Sequence[str]
    """Those who changed it, the last one first; `-` alone where that is no longer on file."""

    def __init__(self, version: int, changes: Sequence[FieldPassed]) -> None:
        self.version = version
        self.fields = tuple(dict.fromkeys(one.field for one in changes)) or ("-",)
        self.by = tuple(dict.fromkeys(one.by for one in changes)) or ("-",)
        self._changes = tuple(changes)

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """Each change of a field since then, the latest first."""
        return tuple((f"body.{one.field}", one) for one in self._changes)
