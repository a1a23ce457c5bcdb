"""What is refused about promotions."""

from app.domain.errors import Refusal, Texts


class PromotionUnknown(Refusal):
    """There is no such promotion."""

    code = "promotion.unknown"
    status = 404
    texts = Texts(
        en="there is no promotion {promotion}; choose one from the list of promotions",
        et="kampaaniapakkumist {promotion} ei ole; vali pakkumine loendist",
        ru="акции {promotion} нет; выберите акцию из списка",
    )
    promotion: int


class PromotionUntitled(Refusal, ValueError):
    """A promotion has a text in no language."""

    code = "promotion.untitled"
    status = 422
    texts = Texts(
        en="give the promotion's text in at least one language: et, ru or en",
        et="anna pakkumise tekst vähemalt ühes keeles: et, ru või en",
        ru="дайте текст акции хотя бы на одном языке: et, ru или en",
    )


class PromotionEndsBefore(Refusal, ValueError):
    """A promotion ends before it begins."""

    code = "promotion.ends_before_it_begins"
    status = 422
    texts = Texts(
        en="the promotion ends before it begins: set until_at after from_at",
        et="pakkumine lõpeb enne, kui algab: määra until_at hilisemaks kui from_at",
        ru="акция кончается раньше, чем начинается: задайте until_at позже from_at",
    )


class DiscountUnfit(Refusal, ValueError):
    """The value of a discount does not fit its kind."""

    code = "promotion.discount_unfit"
    status = 422
    texts = Texts(
        en="a discount in percent is above 0 and at most 100; one in money is above 0; no discount has the value 0",
        et="allahindlus protsentides on üle 0 ja kuni 100, rahas üle 0; ilma allahindluseta on väärtus 0",
        ru="скидка в процентах больше 0 и не больше 100, в деньгах больше 0; без скидки значение равно 0",
    )
