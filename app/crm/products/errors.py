"""What is refused about products."""

from app.domain.errors import Refusal, Texts


class ProductUnknown(Refusal):
    """There is no such product."""

    code = "product.unknown"
    status = 404
    texts = Texts(
        en="there is no product {product}: choose one from the list",
        et="toodet {product} ei ole: vali toode loendist",
        ru="товара {product} нет: выберите из списка",
    )
    product: int


class ProductUnnamed(Refusal):
    """A product has no name in any language."""

    code = "product.unnamed"
    status = 422
    texts = Texts(
        en="a product needs a name in at least one language",
        et="tootel peab olema nimi vähemalt ühes keeles",
        ru="у товара должно быть название хотя бы на одном языке",
    )


class ProductCodeTaken(Refusal):
    """Another product has this code."""

    code = "product.code_taken"
    texts = Texts(
        en="there is a product with the code {product_code} already: change that one, or choose another code",
        et="tootekood {product_code} on juba kasutusel: muuda seda toodet või vali teine kood",
        ru="товар с кодом {product_code} уже есть: измените его или выберите другой код",
    )
    product_code: str


class ProductEndsTooSoon(Refusal):
    """A product would no longer be sold before it is first sold."""

    code = "product.ends_too_soon"
    status = 422
    texts = Texts(
        en="active_until is not after active_from: correct one of them",
        et="active_until ei ole hilisem kui active_from: paranda üks neist",
        ru="active_until не позже active_from: исправьте одно из них",
    )


class TooManyProducts(Refusal):
    """The centre has the maximum number of products."""

    code = "product.too_many"
    texts = Texts(
        en="there are {most} products, and no more may be made: give those that are no longer sold a new meaning",
        et="tooteid on {most} ja rohkem teha ei saa: võta mõni müügist läinud toode uuesti kasutusele",
        ru="товаров уже {most}, и больше создать нельзя: используйте снова те, что не продаются",
    )
    most: int


class StockNotCounted(Refusal):
    """Goods arrived of a product whose stock is not counted."""

    code = "product.stock_not_counted"
    texts = Texts(
        en="the stock of {product_code} is not counted: count it first",
        et="toote {product_code} laoseisu ei loeta: loe see kõigepealt üle",
        ru="остаток {product_code} не учитывается: сначала пересчитайте его",
    )
    product_code: str


class StockTooLarge(Refusal):
    """There would be more of a product than may be counted."""

    code = "product.stock_too_large"
    texts = Texts(
        en="there would be more of {product_code} than {most}: correct the number",
        et="toodet {product_code} oleks rohkem kui {most}: paranda arv",
        ru="товара {product_code} стало бы больше {most}: исправьте число",
    )
    product_code: str
    most: str


class VatCategoryUnknown(Refusal):
    """A VAT category has no rate."""

    code = "vat.category_unknown"
    status = 422
    texts = Texts(
        en="there is no VAT category {category}: choose one of {categories}",
        et="käibemaksu liiki {category} ei ole: vali {categories}",
        ru="категории НДС {category} нет: выберите одну из {categories}",
    )
    category: str
    categories: list[str]


class VatRateTwice(Refusal, ValueError):
    """A table of VAT rates has a category twice from one day on."""

    code = "vat.rate_twice"
    status = 422
    texts = Texts(
        en="{category} has two rates from {day} on: keep one",
        et="liigil {category} on alates {day} kaks määra: jäta üks",
        ru="у {category} с {day} две ставки: оставьте одну",
    )
    category: str
    day: str


class VatCategoryUsed(Refusal):
    """Products are sold with a VAT category that a new table of rates lacks today."""

    code = "vat.category_used"
    texts = Texts(
        en="products have these VAT categories, which would have no rate today: {categories}",
        et="toodetel on need käibemaksu liigid, millel ei oleks täna määra: {categories}",
        ru="у товаров есть эти категории НДС, у которых не было бы ставки сегодня: {categories}",
    )
    categories: list[str]
