"""What is refused about price lists."""

from app.domain.errors import Refusal, Texts


class PriceListUnknown(Refusal):
    """There is no such price list."""

    code = "price_list.unknown"
    status = 404
    texts = Texts(
        en="there is no price list {price_list}: choose one from the list",
        et="hinnakirja {price_list} ei ole: vali hinnakiri loendist",
        ru="прайс-листа {price_list} нет: выберите из списка",
    )
    price_list: int


class PriceListTaken(Refusal):
    """There is already a price list with this name."""

    code = "price_list.taken"
    texts = Texts(
        en="there is a price list {name} already: change it, or choose another name",
        et="hinnakiri {name} on juba olemas: muuda seda või vali teine nimi",
        ru="прайс-лист {name} уже есть: измените его или выберите другое имя",
    )
    name: str


class TooManyPriceLists(Refusal):
    """The centre has the maximum number of price lists."""

    code = "price_list.too_many"
    texts = Texts(
        en="there are {most} price lists, and no more may be made: use one that is no longer in use",
        et="hinnakirju on {most} ja rohkem teha ei saa: võta kasutusele mõni, mida enam ei kasutata",
        ru="прайс-листов уже {most}, и больше создать нельзя: используйте ненужный",
    )
    most: int
