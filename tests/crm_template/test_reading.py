"""Templates are read safely, and what could not be carried out is refused at once."""

import pytest

from app.crm_template.errors import Fault, TemplateUnfit
from app.crm_template.model import AuthenticationKind
from app.crm_template.reading import read_template

from .templates import ALL, CHAINED, SIMPLE, template

LOOKUP = SIMPLE[SIMPLE.index("<Scenario Id") : SIMPLE.index("</Scenarios>")]
BOMB = '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><Crm>&c;</Crm>'
OUTSIDE = '<!DOCTYPE a SYSTEM "file:///etc/passwd"><Crm/>'


@pytest.mark.parametrize("xml", ALL)
def test_templates_of_every_shape_are_read(xml: str) -> None:
    assert read_template(xml.encode()).lookups
    assert read_template(b"\xef\xbb\xbf" + xml.encode()).lookups  # with a byte-order mark


def test_a_template_whole() -> None:
    read = read_template(CHAINED.encode())
    assert read.name == "Sample"
    assert read.most_at_once == 2
    assert read.authentication is AuthenticationKind.NONE
    assert [one.name for one in read.parameters][:2] == ["APIkey", "ReportCallEnabled"]
    assert read.report is not None
    assert read.lookups[0].following == "Person"


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        ("", Fault.NOT_XML),
        ("<Crm>", Fault.NOT_XML),
        ("not xml", Fault.NOT_XML),
        ('<?xml version="1.0" encoding="nonsense"?><Crm/>', Fault.NOT_XML),
        (BOMB, Fault.ENTITIES),
        (OUTSIDE, Fault.ENTITIES),
        ("<Crm>" + "<a>" * 100 + "</a>" * 100 + "</Crm>", Fault.TOO_LARGE),
        ("<Crm>" + "<a/>" * 6000 + "</Crm>", Fault.TOO_LARGE),
        ("<Crm>" + " " * 200_000 + "</Crm>", Fault.TOO_LARGE),
        ("<html/>", Fault.NOT_A_TEMPLATE),
        ("<Crm/>", Fault.NO_LOOKUP),
        (template(LOOKUP, authentication='<Authentication Type="Kerberos"/>'), Fault.AUTHENTICATION),
        (
            template(
                LOOKUP, authentication='<Authentication Type="Scenario"><Value>A</Value></Authentication>'
            ),
            Fault.MISSING,
        ),
        (SIMPLE.replace('Id="" Type="REST"', 'Id="" Type="SQLDatabase"'), Fault.SCENARIO_TYPE),
        (SIMPLE.replace('RequestType="Get"', 'RequestType="Trace"'), Fault.REQUEST_TYPE),
        (SIMPLE.replace("UrlEncoded", "Soap"), Fault.ENCODING),
        (SIMPLE.replace('ResponseType="Json"', 'ResponseType="Csv"'), Fault.RESPONSE_TYPE),
        (SIMPLE.replace('Rule Type="Any"', 'Rule Type="Sounds"'), Fault.RULE_TYPE),
        (SIMPLE.replace('AllowEmpty="false"', 'Next="Nowhere"'), Fault.MISSING),
        (SIMPLE.replace("phone=[Number]", "phone=[[Number].Explode()]"), Fault.EXPRESSION),
        (SIMPLE.replace("https://[Domain]", "file:///[Domain]"), Fault.URL),
    ],
)
def test_what_cannot_be_used_is_refused(xml: str, fault: Fault) -> None:
    with pytest.raises(TemplateUnfit) as refused:
        read_template(xml.encode())
    assert refused.value.fault is fault
