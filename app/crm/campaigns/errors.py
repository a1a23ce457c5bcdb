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
    """A finished campaign is not changed, and takes no leads."""

    code = "campaign.finished"
    texts = Texts(
        en="the campaign is finished: it takes no changes and no more leads; make a new campaign",
        et="kampaania on lõpetatud: seda ei muudeta ja kliente sinna ei lisata; loo uus kampaania",
        ru="кампания завершена: её не изменяют и клиентов в неё не добавляют; создайте новую кампанию",
    )


class StateUnreachable(Refusal):
    """A campaign cannot go from the state it is in to the one asked for."""

    code = "campaign.state_unreachable"
    texts = Texts(
        en="a campaign that is {state} cannot become {wanted}",
        et="kampaania, mille olek on {state}, ei saa olekusse {wanted} minna",
        ru="кампания в состоянии {state} не может перейти в состояние {wanted}",
    )
    state: str
    wanted: str


class CampaignNotFinished(Refusal):
    """Only a draft or a finished campaign is removed."""

    code = "campaign.not_finished"
    texts = Texts(
        en="finish the campaign first",
        et="lõpeta kampaania enne",
        ru="сначала завершите кампанию",
    )


class CampaignHasCalled(Refusal):
    """A campaign that has called somebody is evidence."""

    code = "campaign.has_called"
    texts = Texts(
        en="the campaign has called somebody: it stays as evidence and cannot be removed; leave it finished",
        et="kampaania on juba helistanud: see jääb tõendiks ja seda ei kustutata; jäta see lõpetatuks",
        ru="кампания уже звонила: она остаётся как доказательство, удалить её нельзя; оставьте её завершённой",
    )


class CampaignTooLarge(Refusal):
    """A campaign has more leads than go with it at once."""

    code = "campaign.too_large"
    texts = Texts(
        en="the campaign has more than {most} leads: undo its imports first",
        et="kampaanias on üle {most} kliendi: võta enne imporditud nimekirjad tagasi",
        ru="в кампании больше {most} клиентов: сначала отмените импорт списков",
    )
    most: int


class TitleTaken(Refusal):
    """Another campaign has the title."""

    code = "campaign.title_taken"
    texts = Texts(
        en="there is a campaign named {title} already: give it another title",
        et="kampaania {title} on juba olemas: anna teine nimi",
        ru="кампания {title} уже есть: дайте другое название",
    )
    title: str


class CampaignQueueUnknown(Refusal):
    """The queue that a campaign names is not there."""

    code = "campaign.queue_unknown"
    texts = Texts(
        en="there is no queue {queue}: GET /api/v1/queues lists all there are",
        et="järjekorda {queue} ei ole: vali olemasolev järjekord",
        ru="очереди {queue} нет: выберите существующую очередь",
    )
    queue: str


class CampaignSoundUnknown(Refusal):
    """A sound file that a campaign names is not there."""

    code = "campaign.sound_unknown"
    status = 422
    texts = Texts(
        en="there is no sound file {sound}: bring it first",
        et="helifaili {sound} ei ole: too see enne",
        ru="звукового файла {sound} нет: сначала загрузите его",
    )
    sound: str


class DispositionsMissing(Refusal):
    """A campaign requires a disposition, and offers none."""

    code = "campaign.dispositions_missing"
    texts = Texts(
        en="the campaign requires a disposition, and there is none to choose: make one, or require none",
        et="kampaania nõuab kõne tulemust, kuid valida ei ole midagi: lisa tulemus või ära nõua seda",
        ru="кампания требует результат звонка, но выбирать не из чего: добавьте результат или не требуйте его",
    )


class CampaignLacks(Refusal):
    """A campaign cannot call yet."""

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
    """A campaign that is to call names no rule set."""

    code = "campaign.lacks_rule_set"
    texts = Texts(
        en="the campaign names no rule set: choose one",
        et="kampaanial ei ole reeglistikku: vali see",
        ru="у кампании нет свода правил: выберите его",
    )


class HoursLacking(Refusal):
    """A campaign that is to call has no calling hours, and neither has its rule set."""

    code = "campaign.lacks_hours"
    texts = Texts(
        en="neither the campaign nor its rule set says at which hours may be called: give the hours",
        et="ei kampaania ega selle reeglistik ütle, mis kell võib helistada: määra ajad",
        ru="ни кампания, ни её свод правил не говорят, в какие часы можно звонить: укажите часы",
    )


class LegalBasisLacking(Refusal):
    """A campaign that is to call for marketing has no legal basis."""

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
    """A campaign rests on a legitimate interest, and does not say where it was weighed."""

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
    """The family of what may be wrong with a campaign's rules."""

    status = 422


class RuleSetUnknown(RulesUnfit):
    """A campaign names a rule set that there is none of."""

    code = "campaign.rule_set_unknown"
    texts = Texts(
        en="there is no rule set {rule_set}; choose one of {known}",
        et="reeglistikku {rule_set} ei ole; vali üks neist: {known}",
        ru="свода правил {rule_set} нет; выберите один из: {known}",
    )
    rule_set: str
    known: tuple[str, ...]


class RuleSetMissing(RulesUnfit):
    """A campaign names no rule set."""

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
    """A campaign says no calling hours, and its rule set has none."""

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
    """A campaign says no time zone, and its country has several."""

    code = "campaign.time_zone_missing"
    texts = Texts(
        en="say the time zone (time_zone) of leads whose numbers tell none: {country} has several",
        et="määra ajavöönd (time_zone) klientidele, kelle number seda ei ütle: riigis {country} on neid mitu",
        ru="укажите часовой пояс (time_zone) для клиентов, чей номер его не определяет: в стране {country} их "
        "несколько",
    )
    country: str


class EndsBeforeItBegins(RulesUnfit):
    """A campaign's end is not after its beginning."""

    code = "campaign.ends_before_it_begins"
    texts = Texts(
        en="the campaign ends before it begins: set ends_at after starts_at",
        et="kampaania lõpeb enne algust: sea lõpp (ends_at) algusest (starts_at) hilisemaks",
        ru="кампания заканчивается раньше, чем начинается: задайте конец (ends_at) позже начала (starts_at)",
    )


class RulesTooLax(RulesUnfit):
    """A campaign's own settings allow more than its rule set does."""

    code = "campaign.rules_too_lax"
    texts = Texts(
        en="the campaign allows more than {rule_set} does: {settings}; keep within it, or leave them out",
        et="kampaania lubab rohkem kui {rule_set}: {settings}; püsi selle piires või jäta need välja",
        ru="кампания разрешает больше, чем {rule_set}: {settings}; оставайтесь в его пределах или уберите их",
    )
    rule_set: str
    settings: tuple[str, ...]


class HoursUnreadable(RulesUnfit):
    """Calling hours lack a part, or one of their times is none."""

    code = "campaign.hours_unreadable"
    texts = Texts(
        en="calling hours are days, from and to, such as {example}, with from before to",
        et="helistamise aegadel on päevad (days), algus (from) ja lõpp (to), näiteks {example}; algus on enne lõppu",
        ru="часы звонков — это дни (days), начало (from) и конец (to), например {example}; начало раньше конца",
    )
    example: str


class DayUnknown(RulesUnfit):
    """Calling hours name a day that is none."""

    code = "campaign.day_unknown"
    texts = Texts(
        en="{day} is no day of the week: 1 is Monday, 7 is Sunday",
        et="{day} ei ole nädalapäev: 1 on esmaspäev, 7 on pühapäev",
        ru="{day} — не день недели: 1 — понедельник, 7 — воскресенье",
    )
    day: int


class DayTwice(RulesUnfit):
    """A day has calling hours twice."""

    code = "campaign.day_twice"
    texts = Texts(
        en="day {day} has calling hours twice: say them once",
        et="päeval {day} on helistamise aeg kaks korda: määra see üks kord",
        ru="у дня {day} часы звонков указаны дважды: укажите их один раз",
    )
    day: int


class ZoneUnknown(Refusal, ValueError):
    """A name is no time zone."""

    code = "campaign.time_zone_unknown"
    status = 422
    texts = Texts(
        en="{zone} is no time zone, such as Europe/Tallinn",
        et="{zone} ei ole ajavöönd, näiteks Europe/Tallinn",
        ru="{zone} — не часовой пояс, например Europe/Tallinn",
    )
    zone: str


class CountryUnknown(Refusal, ValueError):
    """A code is no country."""

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
    CampaignQueueUnknown,
    CampaignSoundUnknown,
    TitleTaken,
)
"""What a campaign may be refused for as it is made or changed."""
