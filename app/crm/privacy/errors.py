"""What is refused about a person's data."""

from app.domain.errors import Refusal, Texts


class PersonInCall(Refusal):
    """Somebody talks with the person, or calls them."""

    code = "erasure.in_call"
    texts = Texts(
        en="somebody talks with this contact, or calls them: erase when the call has ended",
        et="selle kontaktiga käib kõne või talle helistatakse: kustuta pärast kõne lõppu",
        ru="с этим контактом идёт звонок, или ему звонят: удалите данные после звонка",
    )


class PersonHasOrder(Refusal):
    """The person waits for an order."""

    code = "erasure.open_order"
    texts = Texts(
        en="{orders} orders of this contact are not delivered: deliver or cancel them first",
        et="selle kontakti {orders} tellimust on täitmata: täida või tühista need enne",
        ru="у этого контакта не выполнены заказы ({orders}): сначала выполните или отмените их",
    )
    orders: int


class PersonHasComplaint(Refusal):
    """The person waits for the answer to a complaint."""

    code = "erasure.open_complaint"
    texts = Texts(
        en="{complaints} complaints of this contact are open: solve or reject them first",
        et="selle kontakti {complaints} kaebust on lahendamata: lahenda või lükka need enne tagasi",
        ru="у этого контакта не закрыты жалобы ({complaints}): сначала решите или отклоните их",
    )
    complaints: int


class OrderPapersKept(Refusal):
    """The law demands that the papers of an order are kept."""

    code = "erasure.papers_kept"
    texts = Texts(
        en="the law demands that the papers of this contact's last order are kept: erase after {until}",
        et="seadus nõuab selle kontakti viimase tellimuse andmete säilitamist: kustuta pärast {until}",
        ru="закон требует хранить документы последнего заказа этого контакта: удалите данные после {until}",
    )
    until: str


class BeingErased(Refusal):
    """The person is being erased: nothing may be joined to them, and nothing taken from them, until that is done."""

    code = "erasure.under_way"
    texts = Texts(
        en="the contact {contact} is being erased: see what the erasure waits for",
        et="kontakti {contact} kustutatakse: vaata, mida kustutamine ootab",
        ru="контакт {contact} удаляется: посмотрите, чего ждёт удаление",
    )
    contact: int


class FilesUnderWay(Refusal):
    """A file that may have the person in it is being imported."""

    code = "erasure.files_under_way"
    texts = Texts(
        en="a file is being imported: the erasure goes on by itself when that has ended",
        et="üht faili imporditakse: kustutamine jätkub ise pärast selle lõppu",
        ru="импортируется файл: удаление продолжится само после его окончания",
    )


class ErasureUnknown(Refusal):
    """There is no such erasure."""

    code = "erasure.unknown"
    status = 404
    texts = Texts(
        en="there is no such erasure: take the id from the list of erasures",
        et="sellist kustutamist ei ole: võta tunnus kustutamiste loetelust",
        ru="такого удаления нет: возьмите идентификатор из списка удалений",
    )


class PersonFileUnknown(Refusal):
    """There is no such file of a person's data."""

    code = "personal_data.unknown"
    status = 404
    texts = Texts(
        en="there is no such file: it is kept for an hour, have it made again",
        et="sellist faili ei ole: seda hoitakse tund aega, lase see uuesti teha",
        ru="такого файла нет: он хранится час, создайте его заново",
    )


class PersonFileNotReady(Refusal):
    """The file is still being made, or could not be made."""

    code = "personal_data.not_ready"
    texts = Texts(
        en="the file is {state}: ask for its state until it is ready",
        et="faili olek on {state}: küsi olekut, kuni fail on valmis",
        ru="состояние файла: {state}; запрашивайте состояние, пока файл не будет готов",
    )
    state: str


class TooManyPersonFiles(Refusal):
    """As many files as may be are being made or kept."""

    code = "personal_data.too_many"
    status = 429
    texts = Texts(
        en="{most} files of persons' data are kept at one time: delete those that have been handed over",
        et="korraga hoitakse {most} isikuandmete faili: kustuta need, mis on üle antud",
        ru="одновременно хранится не больше {most} файлов с данными людей: удалите переданные",
    )
    most: int


class RetentionNotCounted(Refusal):
    """A rule is to be carried out that nobody has tried."""

    code = "retention.not_counted"
    texts = Texts(
        en="count first what would go: have a dry run made with these {days} days",
        et="loe enne kokku, mis kaoks: tee proovikäivitus {days} päevaga",
        ru="сначала посчитайте, что исчезнет: сделайте пробный запуск с {days} днями",
    )
    days: int


class RetentionForEver(Refusal):
    """A rule without days is to be carried out, or tried."""

    code = "retention.for_ever"
    status = 422
    texts = Texts(
        en="say after how many days: 0 keeps these data for ever",
        et="ütle, mitme päeva pärast: 0 tähendab alatist säilitamist",
        ru="укажите, через сколько дней: 0 означает бессрочное хранение",
    )
