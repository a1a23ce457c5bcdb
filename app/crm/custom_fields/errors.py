"""What is refused about custom fields and their values."""

from app.domain.errors import Refusal, Texts


class CustomFieldUnknown(Refusal):
    """There is no such custom field."""

    code = "custom_field.unknown"
    status = 404
    texts = Texts(
        en="there is no custom field {field}",
        et="kohandatud välja {field} ei ole",
        ru="настраиваемого поля {field} нет",
    )
    field: str


class CustomFieldTaken(Refusal):
    """There is a custom field of this code."""

    code = "custom_field.taken"
    texts = Texts(
        en="there is a custom field {field} already; change that one, or choose another code",
        et="kohandatud väli {field} on juba olemas; muuda seda või vali teine kood",
        ru="настраиваемое поле {field} уже есть; измените его или выберите другой код",
    )
    field: str


class CustomFieldHasValues(Refusal):
    """The kind of a field that has values cannot be changed."""

    code = "custom_field.has_values"
    texts = Texts(
        en="contacts have values of {field}, so its kind stays; make another field, and put this one out of use",
        et="kontaktidel on välja {field} väärtusi, seega liik jääb; tee uus väli ja võta see kasutuselt",
        ru="у контактов есть значения поля {field}, тип остаётся; создайте другое поле, а это отключите",
    )
    field: str


class TooManyCustomFields(Refusal):
    """There are as many custom fields as a contact may have."""

    code = "custom_field.too_many"
    texts = Texts(
        en="there are {most} custom fields, which is the most; change one that is out of use",
        et="kohandatud välju on {most}, rohkem ei saa; muuda mõnda, mis pole kasutusel",
        ru="настраиваемых полей уже {most}, больше нельзя; измените то, которое не используется",
    )
    most: int


class ChoicesUnfit(Refusal):
    """A field of kind `choice` needs choices with different codes; other kinds have none."""

    code = "custom_field.choices_unfit"
    status = 422
    texts = Texts(
        en="a field of kind choice needs choices with different codes, a field of another kind has none",
        et="valikuväli vajab erineva koodiga valikuid, muud liiki väljal valikuid ei ole",
        ru="полю типа choice нужны варианты с разными кодами, у поля другого типа вариантов нет",
    )


class ValueUnfit(Refusal):
    """The value does not fit the kind of the custom field."""

    code = "custom_field.value_unfit"
    status = 422
    texts = Texts(
        en="the value does not fit the field; expected: {expected}",
        et="väärtus ei sobi sellele väljale; oodatakse: {expected}",
        ru="значение не подходит полю; ожидается: {expected}",
    )
    expected: str
    """An example, the choices, or the most characters."""


class ValueMissing(Refusal):
    """A required custom field has no value."""

    code = "custom_field.value_missing"
    status = 422
    texts = Texts(en="fill in {title}", et="täida väli {title}", ru="заполните поле {title}")
    title: str


class ValueOfNoField(Refusal):
    """There is no custom field of this code in use."""

    code = "custom_field.none_such"
    status = 422
    texts = Texts(
        en="no custom field {field} is in use; leave the value out",
        et="kasutusel ei ole kohandatud välja {field}; jäta väärtus ära",
        ru="поле {field} не используется; уберите значение",
    )
    field: str
