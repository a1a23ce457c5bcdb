"""What is refused about tags."""

from app.domain.errors import Refusal, Texts


class TagUnknown(Refusal):
    """There is no such tag."""

    code = "tag.unknown"
    status = 404
    texts = Texts(
        en="there is no tag {tag}: somebody has removed it, or it never was",
        et="märgist {tag} ei ole: keegi on selle kustutanud või pole seda olnudki",
        ru="метки {tag} нет: её удалили, или её не было",
    )
    tag: int


class TagTaken(Refusal):
    """There is already a tag with this name."""

    code = "tag.taken"
    texts = Texts(
        en="there is a tag {name} already: use it, or choose another name",
        et="märgis {name} on juba olemas: kasuta seda või vali teine nimi",
        ru="метка {name} уже есть: используйте её или выберите другое имя",
    )
    name: str


class TooManyTags(Refusal):
    """The centre has the maximum number of tags."""

    code = "tag.too_many"
    texts = Texts(
        en="there are {most} tags, and no more may be made: remove those that nobody needs",
        et="märgiseid on {most} ja rohkem teha ei saa: kustuta need, mida keegi ei vaja",
        ru="меток уже {most}, и больше создать нельзя: удалите ненужные",
    )
    most: int
