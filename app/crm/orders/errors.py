"""What is refused about orders."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class OrderUnknown(Refusal):
    """There is no such order."""

    code = "order.unknown"
    status = 404
    texts = Texts(
        en="there is no order {order}: its draft was thrown away, or it never was",
        et="tellimust {order} ei ole: mustand on ära visatud või pole seda olnudki",
        ru="заказа {order} нет: черновик удалили, или его не было",
    )
    order: int | str
    """Its id, or its number."""


class DraftOfAnother(Refusal):
    """The draft is another user's."""

    code = "order.draft_of_another"
    status = 403
    texts = Texts(
        en="this draft is typed by {user}: repeat it to go on with a draft of your own",
        et="seda mustandit kirjutab {user}: korda tellimust, et jätkata omaenda mustandiga",
        ru="этот черновик ведёт {user}: повторите заказ, чтобы продолжить в собственном черновике",
    )
    user: str
    """The display name."""


class OrderNotPossible(Refusal):
    """The order's state does not allow this."""

    code = "order.not_possible"
    texts = Texts(
        en="an order that is {state} takes no {action}: `may` tells what it takes",
        et="tellimusega, mille olek on {state}, ei saa teha: {action}; mida saab, ütleb `may`",
        ru="с заказом в состоянии {state} нельзя сделать {action}: что можно, указано в `may`",
    )
    state: str
    """An `OrderState`."""
    action: str
    """An `OrderAction`."""


class OrderEmpty(Refusal):
    """A draft without lines cannot be placed."""

    code = "order.empty"
    texts = Texts(
        en="the order has no lines: add what is ordered",
        et="tellimusel ei ole ridu: lisa, mida tellitakse",
        ru="в заказе нет строк: добавьте, что заказывают",
    )


class LineOutOfStock(Refusal):
    """There is less of a product than the order wants."""

    code = "order.line_out_of_stock"
    texts = Texts(
        en="of {product_code} there are {left}, and {wanted} are wanted: take fewer, or another product",
        et="toodet {product_code} on {left}, soovitakse {wanted}: võta vähem või muu toode",
        ru="товара {product_code} есть {left}, а нужно {wanted}: возьмите меньше или другой товар",
    )
    product_code: str
    left: str
    wanted: str


class LineNotSold(Refusal):
    """A product is not sold now."""

    code = "order.line_not_sold"
    texts = Texts(
        en="{product_code} is not sold now: take the line out, or choose another product",
        et="toodet {product_code} praegu ei müüda: eemalda rida või vali muu toode",
        ru="{product_code} сейчас не продаётся: уберите строку или выберите другой товар",
    )
    product_code: str


class LineWithoutVat(Refusal):
    """A product's VAT category has no rate today."""

    code = "order.line_without_vat"
    texts = Texts(
        en="the VAT category of {product_code} has no rate today: let a supervisor add one",
        et="toote {product_code} käibemaksu liigil ei ole täna määra: palu juhil see lisada",
        ru="у категории НДС товара {product_code} сегодня нет ставки: пусть руководитель её добавит",
    )
    product_code: str


class OrderOutOfStock(Refusal):
    """Products of the order cannot be had now; `errors` names each line. The draft is kept."""

    code = "order.out_of_stock"
    texts = Texts(
        en="these cannot be had now, and the draft is kept: {products}",
        et="neid praegu ei saa, mustand on alles: {products}",
        ru="этого сейчас нет, черновик сохранён: {products}",
    )
    products: list[str]
    """Their codes."""

    def __init__(self, problems: Sequence[tuple[int, str, Refusal]]) -> None:
        """A refusal of a draft.

        Args:
            problems: of each line its place, from 0, the product's code, and why it cannot be had.
        """
        self.products = list(dict.fromkeys(code for _, code, _ in problems))
        self._problems = problems

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """The lines, by their places in the draft."""
        return [(f"draft_lines.{place}", why) for place, _, why in self._problems]


class OrderTooLarge(Refusal):
    """The order's sum is above what one order may have."""

    code = "order.too_large"
    texts = Texts(
        en="the order is above {most}: correct its quantities, or split it",
        et="tellimuse summa on üle {most}: paranda kogused või jaga see mitmeks",
        ru="сумма заказа больше {most}: исправьте количества или разделите его",
    )
    most: str


class TooManyDrafts(Refusal):
    """A user has the maximum number of drafts."""

    code = "order.too_many_drafts"
    texts = Texts(
        en="you have {most} drafts: place some, or throw away those that nobody needs",
        et="sul on {most} mustandit: esita mõni või viska ära, mida enam vaja ei ole",
        ru="у вас {most} черновиков: оформите часть или удалите ненужные",
    )
    most: int


class TooManyOrders(Refusal):
    """A user has placed too many orders within an hour."""

    code = "order.too_many"
    status = 429
    texts = Texts(
        en="{most} orders were placed within an hour by this user: the draft is kept, place it later",
        et="see kasutaja on tunnis esitanud {most} tellimust: mustand on alles, esita see hiljem",
        ru="за час этот пользователь оформил {most} заказов: черновик сохранён, оформите его позже",
    )
    most: int
    retry_after_s: int


class ReturnUnfit(Refusal):
    """More would come back than was delivered, or nothing."""

    code = "order.return_unfit"
    texts = Texts(
        en="this return does not fit the lines: name lines with products, and no more than is not back yet",
        et="tagastus ei sobi ridadega: nimeta toodete read ja mitte rohkem, kui veel tagastamata on",
        ru="возврат не подходит к строкам: укажите строки с товарами и не больше, чем ещё не возвращено",
    )


class ExportTooLong(Refusal):
    """The period has more lines than one file may have."""

    code = "order.export_too_long"
    texts = Texts(
        en="the period has {lines} lines, and a file has at most {most}: choose a shorter one",
        et="sellel ajavahemikul on {lines} rida, failis saab olla {most}: vali lühem",
        ru="за этот период {lines} строк, а в файле не больше {most}: выберите короче",
    )
    lines: int
    most: int


class ExportsBusy(Refusal):
    """Others' exports are being made."""

    code = "order.exports_busy"
    status = 429
    texts = Texts(
        en="{most} exports are being made now: try again in a moment",
        et="praegu tehakse {most} eksporti: proovi hetke pärast uuesti",
        ru="сейчас готовится {most} выгрузки: повторите чуть позже",
    )
    most: int
    retry_after_s: int
