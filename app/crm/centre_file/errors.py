"""Refusals of a file with a centre's configuration."""

from app.domain.errors import Refusal, Texts


class NamedTwice(Refusal):
    """A file has two entries of one kind with one name."""

    code = "centre_file.named_twice"
    status = 422
    texts = Texts(
        en="the file has {name} twice under {kind}: leave one of them",
        et="failis on {name} kaks korda ({kind}): jäta alles üks",
        ru="в файле {name} стоит дважды ({kind}): оставьте одно",
    )
    kind: str
    """The name of the list in the file."""
    name: str
    """What stands there twice."""


class NameUnknown(Refusal):
    """An entry names something that is neither in the file nor in the centre."""

    code = "centre_file.name_unknown"
    status = 422
    texts = Texts(
        en="{of} names {name} under {field}, which is neither in the file nor in the centre",
        et="{of} nimetab väljal {field} {name}, mida pole failis ega keskuses",
        ru="{of} называет в поле {field} {name}, чего нет ни в файле, ни в центре",
    )
    of: str
    """The entry."""
    field: str
    """Its field."""
    name: str
    """What it names."""
