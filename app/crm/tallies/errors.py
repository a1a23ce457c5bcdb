"""What is refused of prices."""

from app.domain.errors import Refusal, Texts


class PrefixTwice(Refusal, ValueError):
    """A list of prices names a prefix twice."""

    code = "tariff.prefix_twice"
    status = 422
    texts = Texts(
        en="the prefix {prefix} comes twice: give it one price",
        et="algus {prefix} on kaks korda: anna sellele üks hind",
        ru="начало {prefix} указано дважды: задайте ему одну цену",
    )
    prefix: str
