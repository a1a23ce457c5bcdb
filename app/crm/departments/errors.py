"""What is refused about departments."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class DepartmentUnknown(Refusal):
    """There is no such department."""

    code = "department.unknown"
    status = 404
    texts = Texts(
        en="there is no department {department}; choose one from the list",
        et="osakonda {department} ei ole; vali mõni loendist",
        ru="отдела {department} нет; выберите из списка",
    )
    department: int


class DepartmentNotInUse(Refusal):
    """There is no such department, or it is out of use."""

    code = "department.not_in_use"
    status = 404
    texts = Texts(
        en="there is no department {department} in use; name another",
        et="osakonda {department} ei ole või seda enam ei kasutata; nimeta mõni teine",
        ru="отдела {department} нет, или он больше не используется; назовите другой",
    )
    department: int


class DepartmentTaken(Refusal):
    """There is already a department with this name."""

    code = "department.taken"
    texts = Texts(
        en="there is a department {title} already: choose another name",
        et="osakond {title} on juba olemas: vali teine nimi",
        ru="отдел {title} уже есть: выберите другое название",
    )
    title: str


class TooManyDepartments(Refusal):
    """There are as many departments as there may be."""

    code = "department.too_many"
    texts = Texts(
        en="there are {most} departments already: change one that is there",
        et="osakondi on juba {most}: muuda mõnda olemasolevat",
        ru="отделов уже {most}: измените один из существующих",
    )
    most: int


class ZoneUnknown(Refusal):
    """There is no such time zone."""

    code = "department.zone_unknown"
    status = 422
    texts = Texts(
        en="there is no time zone {zone}: give an IANA name such as Europe/Tallinn",
        et="ajavööndit {zone} ei ole: anna IANA nimi, näiteks Europe/Tallinn",
        ru="часового пояса {zone} нет: укажите имя IANA, например Europe/Tallinn",
    )
    zone: str


class HolidaysUnknown(Refusal):
    """The public holidays of this country are not known."""

    code = "department.holidays_unknown"
    status = 422
    texts = Texts(
        en="the public holidays of {country} are not known: leave the country empty, and give them as days of their "
        "own",
        et="riigi {country} riigipühad ei ole teada: jäta riik tühjaks ja anna need eraldi päevadena",
        ru="государственные праздники страны {country} неизвестны: оставьте страну пустой и укажите их отдельными "
        "днями",
    )
    country: str


class HoursUnfit(Refusal):
    """Working hours overlap or are not in order."""

    code = "department.hours_unfit"
    status = 422
    texts = Texts(
        en="the hours of {day} overlap or are not in order: begin with the earliest, and let each end before the next",
        et="päeva {day} tööajad kattuvad või ei ole järjekorras: alusta varaseimast ja lõpeta igaüks enne järgmist",
        ru="часы дня {day} пересекаются или идут не по порядку: начните с самых ранних, и пусть каждый промежуток "
        "кончается до следующего",
    )
    day: str


class DepartmentTargetUnknown(Refusal):
    """A department is to be reached by something that does not exist."""

    code = "department.target_unknown"
    texts = Texts(
        en="there is no {kind} {target} to which calls could go: name another",
        et="ei ole sihti ({kind} {target}), kuhu kõned võiksid minna: nimeta mõni teine",
        ru="нет цели ({kind} {target}), куда могли бы идти звонки: назовите другую",
    )
    kind: str
    target: str


class DepartmentTargetWithoutNumber(Refusal):
    """No number leads to the queue or operator by which a department is to be reached."""

    code = "department.target_without_number"
    texts = Texts(
        en="no number leads to the {kind} {target}, and phones can only pass a call to a number: give it one first",
        et="sihil ({kind} {target}) ei ole numbrit ja telefonid saavad kõne suunata vaid numbrile: anna see enne",
        ru="к цели ({kind} {target}) не ведёт ни один номер, а телефоны переводят звонок только на номер: сначала "
        "дайте номер",
    )
    kind: str
    target: str


class DepartmentLoops(Refusal):
    """Departments would fall back on each other in a circle."""

    code = "department.loops"
    texts = Texts(
        en="a call would go round in a circle: {departments}; give one of them another fallback",
        et="kõne käiks ringi: {departments}; anna ühele neist teine varusuund",
        ru="звонок ходил бы по кругу: {departments}; задайте одному из них другой запасной путь",
    )
    departments: Sequence[str]


class DepartmentEndsNowhere(Refusal):
    """A call to the department would reach nobody."""

    code = "department.ends_nowhere"
    texts = Texts(
        en="a call to {department} would reach nobody: give it a queue, an operator or a number, or a fallback that "
        "has one",
        et="kõne osakonda {department} ei jõuaks kellenigi: anna talle järjekord, operaator või number või varusuund, "
        "millel see on",
        ru="звонок в отдел {department} ни до кого не дошёл бы: задайте очередь, оператора или номер либо запасной "
        "путь, у которого они есть",
    )
    department: str


class DepartmentsUseQueue(Refusal):
    """Departments are reached by the queue."""

    code = "queue.used_by_departments"
    texts = Texts(
        en="calls for departments go to queue {queue}: {departments}; lead them elsewhere first",
        et="järjekorda {queue} lähevad osakondade kõned: {departments}; suuna need enne mujale",
        ru="в очередь {queue} идут звонки отделов: {departments}; сначала направьте их в другое место",
    )
    queue: str
    departments: Sequence[str]


class DepartmentInCategories(Refusal):
    """Complaints of categories in use go to the department."""

    code = "department.in_categories"
    texts = Texts(
        en="complaints of {categories} go to {department}: give these categories another department first",
        et="kaebused liigist {categories} lähevad osakonda {department}: anna neile liikidele enne teine osakond",
        ru="жалобы категорий {categories} идут в отдел {department}: сначала укажите этим категориям другой отдел",
    )
    department: str
    categories: Sequence[str]
    """Their titles."""


KEPT = (
    DepartmentTaken,
    ZoneUnknown,
    HolidaysUnknown,
    HoursUnfit,
    DepartmentTargetWithoutNumber,
    DepartmentLoops,
    DepartmentEndsNowhere,
    DepartmentInCategories,
)
"""What may be refused when a department is made or changed."""
