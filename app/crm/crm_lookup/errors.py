"""What is refused about the CRM."""

from collections.abc import Sequence

from app.domain.errors import Refusal, Texts


class CrmLookupMissing(Refusal):
    """No CRM is set up."""

    code = "crm_lookup.missing"
    status = 404
    texts = Texts(
        en="no CRM is set up: send a template or an address first",
        et="CRM-i pole seadistatud: saada enne mall või aadress",
        ru="CRM не настроена: сначала отправьте шаблон или адрес",
    )


class TemplateInvalid(Refusal):
    """The template cannot be read."""

    code = "crm_lookup.template_invalid"
    status = 422
    texts = Texts(
        en="the template cannot be used ({fault}): look at {where}",
        et="malli ei saa kasutada ({fault}): vaata kohta {where}",
        ru="шаблон нельзя использовать ({fault}): проверьте {where}",
    )
    fault: str
    """`not_xml`, `entities`, `too_large`, `not_a_template`, `no_lookup`, `missing`, `expression` or `url`."""
    where: str
    """The part of the template."""


class TemplateUnsupported(Refusal):
    """The template asks for something that is not supported."""

    code = "crm_lookup.template_unsupported"
    status = 422
    texts = Texts(
        en="this kind of template is not supported ({fault}): {where}; scenarios that ask web services are",
        et="sellist malli ei toetata ({fault}): {where}; toetatakse stsenaariume, mis küsivad veebiteenustelt",
        ru="такой шаблон не поддерживается ({fault}): {where}; поддерживаются запросы к веб-службам",
    )
    fault: str
    """`scenario_type`, `request_type`, `encoding`, `response_type` or `rule_type`."""
    where: str
    """What the template says."""


class AuthenticationUnsupported(Refusal):
    """The template's authentication is not supported."""

    code = "crm_lookup.authentication_unsupported"
    status = 422
    texts = Texts(
        en="the authentication {kind} is not supported: No, Basic and Scenario are",
        et="autentimist {kind} ei toetata: toetatakse liike No, Basic ja Scenario",
        ru="аутентификация {kind} не поддерживается: поддерживаются No, Basic и Scenario",
    )
    kind: str


class ParameterUnknown(Refusal):
    """The template has no such parameter."""

    code = "crm_lookup.parameter_unknown"
    status = 422
    texts = Texts(
        en="the template has no parameter {parameter}; it has: {parameters}",
        et="mallil ei ole parameetrit {parameter}; sellel on: {parameters}",
        ru="в шаблоне нет параметра {parameter}; в нём есть: {parameters}",
    )
    parameter: str
    parameters: Sequence[str]


class CrmAddressUnfit(Refusal):
    """The address cannot be asked."""

    code = "crm_lookup.address_unfit"
    status = 422
    texts = Texts(
        en="{part} cannot be used: write an address that begins with http:// or https://, with variables in brackets, "
        "such as [Number]",
        et="{part} ei sobi: kirjuta aadress, mis algab http:// või https:// ja mille muutujad on nurksulgudes, nagu "
        "[Number]",
        ru="{part} не подходит: напишите адрес, который начинается с http:// или https://, с переменными в квадратных "
        "скобках, например [Number]",
    )
    part: str


class CrmAddressPrivate(Refusal):
    """The CRM's address is inside, and not allowed."""

    code = "crm_lookup.address_private"
    status = 422
    texts = Texts(
        en="{host} is private or local: the setting crm.networks must name its network first",
        et="{host} on sisevõrgus või kohalik: säte crm.networks peab enne nimetama selle võrgu",
        ru="{host} - частный или локальный адрес: сначала его сеть должна быть в настройке crm.networks",
    )
    host: str


class OneOfTwo(Refusal):
    """The CRM is described twice, or not at all."""

    code = "crm_lookup.one_of_two"
    status = 422
    texts = Texts(
        en="send either template or url",
        et="saada kas template või url",
        ru="отправьте либо template, либо url",
    )


class ReportUnknown(Refusal):
    """The call has no report."""

    code = "crm_lookup.report_unknown"
    status = 404
    texts = Texts(
        en="the call {call} has no report to the CRM",
        et="kõne {call} kohta pole CRM-ile teadet",
        ru="о звонке {call} нет отчёта для CRM",
    )
    call: str


class NothingToReport(Refusal):
    """The template has no scenario that reports calls."""

    code = "crm_lookup.nothing_to_report"
    status = 422
    texts = Texts(
        en="calls cannot be reported: the template has no scenario ReportCall",
        et="kõnedest ei saa teatada: mallil pole stsenaariumi ReportCall",
        ru="о звонках нельзя сообщать: в шаблоне нет сценария ReportCall",
    )
