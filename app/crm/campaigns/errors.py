"""What is refused of campaigns."""

from collections.abc import Mapping, Sequence
from typing import Final

from app.compliance.lawful import Lack
from app.domain.errors import Refusal, Texts


class CampaignUnknown(Refusal):
    """There is no such campaign."""

    code = "campaign.unknown"
    status = 404
    texts = Texts(
        en="there is no campaign {campaign}; choose one from the list of campaigns",
        et="kampaaniat {campaign} ei ole; vali kampaania loendist",
        ru="кампании {campaign} нет; выберите кампанию из списка",
    )
    campaign: int


class CampaignFinished(Refusal):
    """A finished campaign cannot be changed and takes no leads."""

    code = "campaign.finished"
    texts = Texts(
        en="the campaign is finished: it takes no changes and no more leads; make a new campaign",
        et="kampaania on lõpetatud: seda ei muudeta ja kliente sinna ei lisata; loo uus kampaania",
        ru="кампания завершена: её не изменяют и клиентов в неё не добавляют; создайте новую кампанию",
    )


class StateUnreachable(Refusal):
    """The campaign cannot go from its present state to the requested one."""

    code = "campaign.state_unreachable"
    texts = Texts(
        en="a campaign that is {state} cannot become {wanted}",
        et="kampaania, mille olek on {state}, ei saa olekusse {wanted} minna",
        ru="кампания в состоянии {state} не может перейти в состояние {wanted}",
    )
    state: str
    wanted: str


class CampaignNotFinished(Refusal):
    """Only a draft or a finished campaign can be removed."""

    code = "campaign.not_finished"
    texts = Texts(
        en="finish the campaign first",
        et="lõpeta kampaania enne",
        ru="сначала завершите кампанию",
    )


class CampaignHasCalled(Refusal):
    """A campaign that has placed calls is kept as evidence and cannot be removed."""

    code = "campaign.has_called"
    texts = Texts(
        en="the campaign has called somebody: it stays as evidence and cannot be removed; leave it finished",
        et="kampaania on juba helistanud: see jääb tõendiks ja seda ei kustutata; jäta see lõpetatuks",
        ru="кампания уже звонила: она остаётся как доказательство, удалить её нельзя; оставьте её завершённой",
    )


class CampaignTooLarge(Refusal):
    """The campaign has more leads than can be removed with it at once."""

    code = "campaign.too_large"
    texts = Texts(
        en="the campaign has more than {most} leads: undo its imports first",
        et="kampaanias on üle {most} kliendi: võta enne imporditud nimekirjad tagasi",
        ru="в кампании больше {most} клиентов: сначала отмените импорт списков",
    )
    most: int


class TitleTaken(Refusal):
    """Another campaign has this title."""

    code = "campaign.title_taken"
    texts = Texts(
        en="there is a campaign named {title} already: give it another title",
        et="kampaania {title} on juba olemas: anna teine nimi",
        ru="кампания {title} уже есть: дайте другое название",
    )
    title: str


class DispositionsMissing(Refusal):
    """The campaign requires a disposition but offers none."""

    code = "campaign.dispositions_missing"
    texts = Texts(
        en="the campaign requires a disposition, and there is none to choose: make one, or require none",
        et="kampaania nõuab kõne tulemust, kuid valida ei ole midagi: lisa tulemus või ära nõua seda",
        ru="кампания требует результат звонка, но выбирать не из чего: добавьте результат или не требуйте его",
    )


class CampaignLacks(Refusal):
    """The campaign lacks something that it needs before it may call; `errors` names each."""

    code = "campaign.lacks"
    texts = Texts(
        en="the campaign cannot call yet; give what is missing: {missing}",
        et="kampaania ei saa veel helistada; lisa, mis puudub: {missing}",
        ru="кампания ещё не может звонить; добавьте недостающее: {missing}",
    )
    missing: tuple[str, ...]
    """Each a `Lack`."""

    @property
    def errors(self) -> Sequence[tuple[str, Refusal]]:
        """What the campaign lacks."""
        return [(f"body.{one}", _LACKING[Lack(one)]()) for one in self.missing]


class RuleSetLacking(Refusal):
    """The campaign cannot call: it names no rule set."""

    code = "campaign.lacks_rule_set"
    texts = Texts(
        en="the campaign names no rule set: choose one",
        et="kampaanial ei ole reeglistikku: vali see",
        ru="у кампании нет свода правил: выберите его",
    )


class HoursLacking(Refusal):
    """The campaign cannot call: neither it nor its rule set has calling hours."""

    code = "campaign.lacks_hours"
    texts = Texts(
        en="neither the campaign nor its rule set says at which hours may be called: give the hours",
        et="ei kampaania ega selle reeglistik ütle, mis kell võib helistada: määra ajad",
        ru="ни кампания, ни её свод правил не говорят, в какие часы можно звонить: укажите часы",
    )


class LegalBasisLacking(Refusal):
    """The campaign cannot call for marketing: it has no legal basis."""

    code = "campaign.lacks_legal_basis"
    texts = Texts(
        en="marketing needs a legal basis: consent (only persons whose consent is on file are called), "
        "existing_customers or legitimate_interest",
        et="turunduseks on vaja õiguslikku alust: consent (helistatakse vaid neile, kelle nõusolek on olemas), "
        "existing_customers või legitimate_interest",
        ru="для маркетинга нужно правовое основание: consent (звонят только тем, чьё согласие есть), "
        "existing_customers или legitimate_interest",
    )


class LegalBasisNoteLacking(Refusal):
    """The campaign's legal basis is a legitimate interest, and no note says where that interest was weighed."""

    code = "campaign.lacks_legal_basis_note"
    texts = Texts(
        en="a legitimate interest needs a note that says where it was weighed: write it",
        et="õigustatud huvi juurde on vaja märget, kus seda kaaluti: kirjuta see",
        ru="к законному интересу нужна запись, где его взвесили: напишите её",
    )


_LACKING: Final[Mapping[Lack, type[Refusal]]] = {
    Lack.RULE_SET: RuleSetLacking,
    Lack.HOURS: HoursLacking,
    Lack.LEGAL_BASIS: LegalBasisLacking,
    Lack.LEGAL_BASIS_NOTE: LegalBasisNoteLacking,
}


class RulesUnfit(Refusal, ValueError):
    """A campaign's rules cannot be used; the subclasses say why."""

    status = 422


class RuleSetUnknown(RulesUnfit):
    """The campaign names a rule set that does not exist."""

    code = "campaign.rule_set_unknown"
    texts = Texts(
        en="there is no rule set {rule_set}; choose one of {known}",
        et="reeglistikku {rule_set} ei ole; vali üks neist: {known}",
        ru="свода правил {rule_set} нет; выберите один из: {known}",
    )
    rule_set: str
    known: tuple[str, ...]


class RuleSetMissing(RulesUnfit):
    """The campaign names no rule set."""

    code = "campaign.rule_set_missing"
    texts = Texts(
        en="name the rule set (rule_set) that the campaign keeps: {known}; "
        "for a centre in {country} it is {suggested}",
        et="vali reeglistik (rule_set), mida kampaania järgib: {known}; riigis {country} sobib {suggested}",
        ru="укажите свод правил (rule_set), который соблюдает кампания: {known}; "
        "для страны {country} подходит {suggested}",
    )
    known: tuple[str, ...]
    country: str
    suggested: str


class HoursMissing(RulesUnfit):
    """The campaign has no calling hours, and its rule set has none either."""

    code = "campaign.hours_missing"
    texts = Texts(
        en="say the calling hours (hours): the rule set {rule_set} has none, and nobody is called at any hour "
        "unless the campaign says so; such as {example}, 1 for Monday",
        et="määra helistamise ajad (hours): reeglistikus {rule_set} neid ei ole ja ilma nendeta ei helistata "
        "kellelegi; näiteks {example}, 1 on esmaspäev",
        ru="укажите часы звонков (hours): в своде {rule_set} их нет, а без них никому не звонят; "
        "например {example}, 1 — понедельник",
    )
    rule_set: str
    example: str


class ZoneMissing(RulesUnfit):
    """The campaign has no time zone, and its country has several."""

    code = "campaign.time_zone_missing"
    texts = Texts(
        en="say the time zone (time_zone) of leads whose numbers tell none: {country} has several",
        et="määra ajavöönd (time_zone) klientidele, kelle number seda ei ütle: riigis {country} on neid mitu",
        ru="укажите часовой пояс (time_zone) для клиентов, чей номер его не определяет: в стране {country} их "
        "несколько",
    )
    country: str


class EndsBeforeItBegins(RulesUnfit):
    """The campaign's end is not after its beginning."""

    code = "campaign.ends_before_it_begins"
    texts = Texts(
        en="the campaign ends before it begins: set ends_at after starts_at",
        et="kampaania lõpeb enne algust: sea lõpp (ends_at) algusest (starts_at) hilisemaks",
        ru="кампания заканчивается раньше, чем начинается: задайте конец (ends_at) позже начала (starts_at)",
    )


class RulesTooLax(RulesUnfit):
    """The campaign's own settings allow more than its rule set does."""

    code = "campaign.rules_too_lax"
    texts = Texts(
        en="the campaign allows more than {rule_set} does: {settings}; keep within it, or leave them out",
        et="kampaania lubab rohkem kui {rule_set}: {settings}; püsi selle piires või jäta need välja",
        ru="кампания разрешает больше, чем {rule_set}: {settings}; оставайтесь в его пределах или уберите их",
    )
    rule_set: str
    settings: tuple[str, ...]


class HoursUnreadable(RulesUnfit):
    """Calling hours lack `days`, `from` or `to`, or one of their times is not valid."""

    code = "campaign.hours_unreadable"
    texts = Texts(
        en="calling hours are days, from and to, such as {example}, with from before to",
        et="helistamise aegadel on päevad (days), algus (from) ja lõpp (to), näiteks {example}; algus on enne lõppu",
        ru="часы звонков — это дни (days), начало (from) и конец (to), например {example}; начало раньше конца",
    )
    example: str


class DayUnknown(RulesUnfit):
    """Calling hours name a day outside 1..7."""

    code = "campaign.day_unknown"
    texts = Texts(
        en="{day} is no day of the week: 1 is Monday, 7 is Sunday",
        et="{day} ei ole nädalapäev: 1 on esmaspäev, 7 on pühapäev",
        ru="{day} — не день недели: 1 — понедельник, 7 — воскресенье",
    )
    day: int


class DayTwice(RulesUnfit):
    """Calling hours name a day twice."""

    code = "campaign.day_twice"
    texts = Texts(
        en="day {day} has calling hours twice: say them once",
        et="päeval {day} on helistamise aeg kaks korda: määra see üks kord",
        ru="у дня {day} часы звонков указаны дважды: укажите их один раз",
    )
    day: int


class ZoneUnknown(Refusal, ValueError):
    """The time zone does not exist."""

    code = "campaign.time_zone_unknown"
    status = 422
    texts = Texts(
        en="{zone} is no time zone, such as Europe/Tallinn",
        et="{zone} ei ole ajavöönd, näiteks Europe/Tallinn",
        ru="{zone} — не часовой пояс, например Europe/Tallinn",
    )
    zone: str


class CountryUnknown(Refusal, ValueError):
    """The country code does not exist."""

    code = "campaign.country_unknown"
    status = 422
    texts = Texts(
        en="{country} is no country, such as EE",
        et="{country} ei ole riigi kood, näiteks EE",
        ru="{country} — не код страны, например EE",
    )
    country: str


RULES_UNREADABLE: Final = (RuleSetUnknown, HoursUnreadable, DayUnknown, DayTwice)
"""What may be wrong with the rules of a campaign that an older version kept."""
KEPT: Final = (
    *RULES_UNREADABLE,
    RuleSetMissing,
    HoursMissing,
    ZoneMissing,
    EndsBeforeItBegins,
    RulesTooLax,
    TitleTaken,
)
"""What a campaign may be refused for as it is made or changed."""
