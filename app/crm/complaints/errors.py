"""What is refused about complaints."""

from app.domain.errors import Refusal, Texts


class ComplaintUnknown(Refusal):
    """There is no such complaint."""

    code = "complaint.unknown"
    status = 404
    texts = Texts(
        en="there is no complaint {complaint}; choose one from the list",
        et="kaebust {complaint} ei ole; vali mõni loendist",
        ru="жалобы {complaint} нет; выберите из списка",
    )
    complaint: int


class CategoryUnknown(Refusal):
    """There is no such category of complaints."""

    code = "complaint.category_unknown"
    status = 404
    texts = Texts(
        en="there is no category {category}; choose one from the list",
        et="kategooriat {category} ei ole; vali mõni loendist",
        ru="категории {category} нет; выберите из списка",
    )
    category: int


class CategoryTaken(Refusal):
    """Another category in use has this name."""

    code = "complaint.category_taken"
    texts = Texts(
        en="there is a category {title} already: use it, or choose another name",
        et="kategooria {title} on juba olemas: kasuta seda või vali teine nimi",
        ru="категория {title} уже есть: используйте её или выберите другое имя",
    )
    title: str


class TooManyCategories(Refusal):
    """There are as many categories as there may be."""

    code = "complaint.too_many_categories"
    texts = Texts(
        en="there are {most} categories already: change one that is there",
        et="kategooriaid on juba {most}: muuda mõnda olemasolevat",
        ru="категорий уже {most}: измените одну из существующих",
    )
    most: int


class ComplaintStepUnfit(Refusal):
    """That cannot happen to the complaint in its present state."""

    code = "complaint.step_unfit"
    texts = Texts(
        en="a complaint that is {state} cannot be {step}; read it again, `may` says what can be done",
        et="kaebusega, mille olek on {state}, ei saa seda teha ({step}); loe see uuesti, `may` ütleb, mida saab teha",
        ru="с жалобой в состоянии {state} этого сделать нельзя ({step}); прочтите её снова, `may` говорит, что можно",
    )
    state: str
    step: str


class ReasonMissing(Refusal):
    """A step needs a reason, or a solution needs words."""

    code = "complaint.reason_missing"
    status = 422
    texts = Texts(
        en="say why: `why` must not be empty when a complaint is {step}",
        et="ütle, miks: `why` ei tohi selle sammu ({step}) puhul olla tühi",
        ru="скажите почему: `why` при этом шаге ({step}) не может быть пустым",
    )
    step: str


class TaskUnknown(Refusal):
    """The complaint has no such task."""

    code = "complaint.task_unknown"
    status = 404
    texts = Texts(
        en="the complaint has no task {task}; read it again",
        et="kaebusel ei ole ülesannet {task}; loe see uuesti",
        ru="у жалобы нет задачи {task}; прочтите её снова",
    )
    task: int


class TaskOver(Refusal):
    """The task is done, or was withdrawn."""

    code = "complaint.task_over"
    texts = Texts(
        en="the task {task} is over: make a new one",
        et="ülesanne {task} on lõppenud: tee uus",
        ru="задача {task} завершена: создайте новую",
    )
    task: int


class ComplaintFull(Refusal):
    """A complaint has as many items of a kind as it may have."""

    code = "complaint.full"
    texts = Texts(
        en="the complaint has {most} of these already: make a new complaint and link its calls",
        et="kaebusel on neid juba {most}: tee uus kaebus ja seo selle kõned",
        ru="у жалобы их уже {most}: создайте новую жалобу и привяжите её звонки",
    )
    most: int


class ComplaintNotEnded(Refusal):
    """The customer's satisfaction is asked for after the complaint is solved or rejected."""

    code = "complaint.not_ended"
    texts = Texts(
        en="the customer can say how content they are once the complaint is solved or rejected",
        et="klient saab rahulolu öelda siis, kui kaebus on lahendatud või tagasi lükatud",
        ru="клиент может оценить решение, когда жалоба решена или отклонена",
    )


class CallbackWithoutContact(Refusal):
    """A customer is to be called back whom nobody has named, or who has no number that can be dialled."""

    code = "complaint.callback_without_contact"
    texts = Texts(
        en="the complaint has no contact with a number that can be dialled: give it one first",
        et="kaebusel ei ole kontakti, mille numbrile saab helistada: lisa see enne",
        ru="у жалобы нет контакта с номером, на который можно позвонить: сначала добавьте его",
    )


class CallbackNotAllowed(Refusal):
    """The customer may not be called: none of their numbers may be dialled in that campaign."""

    code = "complaint.callback_not_allowed"
    texts = Texts(
        en="the customer said not to be called, or the campaign has their number for somebody else: call by hand only "
        "if the law allows it",
        et="klient on keelanud helistada või on kampaanias tema number kellelgi teisel: helista käsitsi vaid siis, kui "
        "seadus lubab",
        ru="клиент запретил звонить, или его номер в кампании записан за другим: звоните вручную, только если это "
        "разрешает закон",
    )
