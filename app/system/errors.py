"""The refusals about moments and texts."""

from app.domain.errors import Refusal, Texts


class MomentUnzoned(Refusal, ValueError):
    """A moment has no time zone."""

    code = "moment.unzoned"
    status = 422
    texts = Texts(
        en="this moment has no time zone: add one, such as Z or +02:00",
        et="sellel ajahetkel ei ole ajavööndit: lisa see, näiteks Z või +02:00",
        ru="у этого момента нет часового пояса: добавьте его, например Z или +02:00",
    )


class MomentOutOfRange(Refusal, ValueError):
    """A moment is outside the years that the service handles."""

    code = "moment.out_of_range"
    status = 422
    texts = Texts(
        en="this moment is out of range: years {first} to {last}",
        et="see ajahetk on väljaspool piire: aastad {first} kuni {last}",
        ru="этот момент вне пределов: годы с {first} по {last}",
    )
    first: int
    last: int


class ControlCharacters(Refusal, ValueError):
    """The text has control characters."""

    code = "field.control_characters"
    status = 422
    texts = Texts(
        en="control characters are not allowed here: leave them out",
        et="juhtmärgid ei ole siin lubatud: jäta need ära",
        ru="управляющие знаки здесь не допускаются: уберите их",
    )


class DecimalUnfit(Refusal, ValueError):
    """An amount, a percentage or a quantity is no decimal text within its bounds."""

    code = "field.decimal_unfit"
    status = 422
    texts = Texts(
        en='give a decimal as a text, such as "12.50": {least} to {most}, with at most {places} decimal places',
        et='anna kümnendarv tekstina, näiteks "12.50": {least} kuni {most}, kuni {places} kohta pärast punkti',
        ru='укажите десятичное число текстом, например "12.50": от {least} до {most}, знаков после точки до {places}',
    )
    least: str
    most: str
    places: int
