"""Templates in the shapes that published ones have; the CRMs are invented."""

from collections.abc import Generator
from typing import Any

from app.crm_template.reading import read_template
from app.crm_template.run import Filled, HttpReply, HttpRequest, Outcome

HEAD = (
    '<?xml version="1.0"?>\n<Crm xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xmlns:xsd="http://www.w3.org/2001/XMLSchema" Country="EE" Name="{name}" Version="1" SupportsEmojis="true">'
)


def template(
    scenarios: str, *, parameters: str = "", authentication: str = "", number: str = "", name: str = "Sample"
) -> str:
    number = number or '<Number Prefix="AsIs" MaxLength="[MaxLength]" />'
    authentication = authentication or '<Authentication Type="No" />'
    return (
        f'{HEAD.format(name=name)}{number}<Connection MaxConcurrentRequests="2" />'
        f"<Parameters>{parameters}</Parameters>{authentication}<Scenarios>{scenarios}</Scenarios></Crm>"
    )


def parameter(name: str, default: str = "", kind: str = "String") -> str:
    return f'<Parameter Name="{name}" Type="{kind}" Parent="" Editor="String" Title="{name}:" Default="{default}" />'


SIMPLE = template(
    """
    <Scenario Id="" Type="REST">
      <Request Url="https://[Domain].crm.example/api/people?phone=[Number]&amp;key=[APIkey]" MessagePasses="0"
        RequestEncoding="UrlEncoded" RequestType="Get" ResponseType="Json" />
      <Rules><Rule Type="Any">id</Rule></Rules>
      <Variables>
        <Variable Name="Id" Path="id"><Filter /></Variable>
        <Variable Name="FirstName" Path="first_name" />
        <Variable Name="LastName" Path="last_name" />
        <Variable Name="Company" Path="company.name" />
      </Variables>
      <Outputs AllowEmpty="false">
        <Output Type="ContactUrl" Passes="0" Value="https://[Domain].crm.example/people/[Id]" />
        <Output Type="FirstName" Passes="0" Value="[FirstName]" />
        <Output Type="LastName" Passes="0" Value="[LastName]" />
        <Output Type="CompanyName" Passes="0" Value="[Company]" />
        <Output Type="EntityId" Passes="0" Value="[Id]" />
        <Output Type="EntityType" Passes="0" Value="Contacts" />
      </Outputs>
    </Scenario>""",
    parameters=parameter("APIkey") + parameter("Domain"),
)
"""A list of people, the key in the address."""

CHAINED = template(
    """
    <Scenario Type="REST">
      <Request Url="https://api.crm.example/search?term=[Number]&amp;api_token=[APIkey]" RequestEncoding="UrlEncoded"
        RequestType="Get" ResponseType="Json" />
      <Rules><Rule Type="Number">data.items.item.phones</Rule></Rules>
      <Variables><Variable Name="PersonId" Path="data.items.item.id"><Filter /></Variable></Variables>
      <Outputs Next="Person" AllowEmpty="false"><Output Type="ContactID" Passes="0" Value="[PersonId]" /></Outputs>
    </Scenario>
    <Scenario Id="Person" Type="REST">
      <Request Url="https://api.crm.example/persons/[PersonId]?api_token=[APIkey]" RequestEncoding="UrlEncoded"
        RequestType="Get" ResponseType="Json" />
      <Rules><Rule Type="Equals" Ethalon="[PersonId]">data.id</Rule></Rules>
      <Variables>
        <Variable Name="Name" Path="data.name" />
        <Variable Name="WorkPhone" Path="data.phone.value">
          <Filter><Rule Type="Equals" Ethalon="work">data.phone.label</Rule></Filter>
        </Variable>
        <Variable Name="MobilePhone" Path="data.phone.value">
          <Filter><Rule Type="Equals" Ethalon="mobile">data.phone.label</Rule></Filter>
        </Variable>
      </Variables>
      <Outputs Next="" AllowEmpty="false">
        <Output Type="FullName" Value="[Name]" />
        <Output Type="PhoneBusiness" Value="[WorkPhone]" />
        <Output Type="PhoneMobile" Value="[MobilePhone]" />
        <Output Type="EntityId" Value="[PersonId]" />
      </Outputs>
    </Scenario>
    <Scenario Id="ReportCall" Type="REST">
      <Request SkipIf="[ReportCallEnabled]!=True||[EntityId]==&quot;&quot;" Url="https://api.crm.example/activities"
        MessagePasses="0" Message="" RequestEncoding="Json" RequestType="Post" ResponseType="Json">
        <PostValues Key="">
          <Value Key="subject" If="[CallType]==Inbound" Passes="2" Type="String">[[InboundCallText]]</Value>
          <Value Key="subject" If="[CallType]==Missed" Passes="2" Type="String">[[MissedCallText]]</Value>
          <Value Key="person_id" Passes="0" Type="Integer">[EntityId]</Value>
          <Value Key="deal_id" Passes="0" Type="Integer">[DealId]</Value>
          <Value Key="done" Passes="0" Type="Boolean">True</Value>
          <Array Key="tags">
            <Value Key="" Type="String">call</Value><Value Key="" Type="String">[CallType]</Value>
          </Array>
          <Object Key="who"><Value Key="extension" Type="String">[Agent]</Value></Object>
        </PostValues>
      </Request>
      <Variables><Variable Name="DealId" Path="id" /></Variables>
      <Outputs AllowEmpty="false" />
    </Scenario>""",
    parameters=parameter("APIkey")
    + parameter("ReportCallEnabled", "True", "Boolean")
    + parameter(
        "InboundCallText", "[[CallStartTimeLocal].ToString(&quot;t&quot;)]: call from [Number] ([Duration])"
    )
    + parameter("MissedCallText", "missed [Number]"),
    number='<Number Prefix="Zeros" MaxLength="" />',
)
"""A search whose hits have several numbers, then the person; a report in JSON."""

HEADERS_AND_FORMS = template(
    """
    <Scenario Type="REST">
      <Request SkipIf="[TellEnabled]!=True" Url="[CtiUrl]" RequestEncoding="UrlEncoded" RequestType="Post"
        ResponseType="Json">
        <PostValues>
          <Value Key="event" Type="String">newCall</Value><Value Key="from" Type="String">[Number]</Value>
        </PostValues>
      </Request>
    </Scenario>
    <Scenario Type="REST">
      <Request SkipIf="[IIf([FoundRecordCount]&gt;0,True,False)]" Url="[BaseUrl]/users/search?query=mobile:[Number]"
        RequestEncoding="UrlEncoded" RequestType="Get" ResponseType="Json">
        <Headers><Value Key="Authorization">Token token=[ApiToken]</Value></Headers>
      </Request>
      <Rules><Rule Type="Any">id</Rule></Rules>
      <Variables><Variable Name="Id" Path="id"/><Variable Name="First" Path="firstname"/></Variables>
      <Outputs AllowEmpty="false">
        <Output Type="ContactUrl" Value="[BaseUrl]/#profile/[Id]" /><Output Type="FirstName" Value="[First]" />
      </Outputs>
    </Scenario>
    <Scenario Id="ReportCall" Type="REST">
      <Request Url="[CtiUrl]" RequestEncoding="UrlEncoded" RequestType="Post" ResponseType="Json">
        <PostValues>
          <Value Key="event" Passes="2" Type="String">hangup</Value>
          <Value Key="direction" Type="String">[IIf([CallType]==Inbound||[CallType]==Missed,in,out)]</Value>
          <Value Key="minutes" Type="String">[[[DurationTimespan].get_TotalMinutes()].ToString("F0")]</Value>
          <Value Key="began" Type="String">[[CallStartTimeUTC].ToString("yyyy-MM-ddTHH:mm:ssZ")]</Value>
        </PostValues>
      </Request>
    </Scenario>""",
    parameters=parameter("CtiUrl")
    + parameter("BaseUrl", "https://desk.example")
    + parameter("ApiToken")
    + parameter("TellEnabled", "True", "Boolean"),
    number='<Number Prefix="Off" MaxLength="[MaxLength]" />',
)
"""A notice first, then the search, with a header; forms."""

BASIC_XML = template(
    """
    <Scenario Id="LookupByNumber" Type="REST">
      <Request Url="https://old.example/find?phone=[Number]" RequestType="Get" ResponseType="Xml" />
      <Rules><Rule Type="Number">people.person.phone</Rule></Rules>
      <Variables><Variable Name="N" Path="people.person.name"/><Variable Name="I" Path="people.person.id"/></Variables>
      <Outputs><Output Type="LastName" Value="[N]" /><Output Type="ContactID" Value="[I]" /></Outputs>
    </Scenario>""",
    parameters=parameter("User") + parameter("Pass", kind="Password"),
    authentication='<Authentication Type="Basic"><Value>[User]:[Pass]</Value></Authentication>',
    number='<Number Prefix="Off" MaxLength="8" />',
)
"""An XML answer, HTTP's own authentication, the last digits of the number."""

GRANTED = template(
    """
    <Scenario Id="Auth" Type="REST">
      <Request Url="https://login.example/token" RequestEncoding="UrlEncoded" RequestType="Post" ResponseType="Json">
        <PostValues>
          <Value Key="grant_type">refresh_token</Value><Value Key="refresh_token">[RefreshToken]</Value>
        </PostValues>
      </Request>
      <Rules><Rule Type="Any" Ethalon="">access_token</Rule></Rules>
      <Variables><Variable Name="AccessToken" Path="access_token"/><Variable Name="Site" Path="site"/></Variables>
      <Outputs AllowEmpty="false">
        <Output Type="HeaderName" Value="Authorization" /><Output Type="HeaderValue" Value="Bearer [AccessToken]" />
        <Output Type="BearerExpiration" Value="30" />
      </Outputs>
    </Scenario>
    <Scenario Id="" Type="REST">
      <Request Url="[Site]/rpc" RequestEncoding="Json" RequestType="Post" ResponseType="Json">
        <PostValues>
          <Value Key="method" Type="String">search</Value>
          <Object Key="params"><Array Key="args">
            <Array Key=""><Value Key="" Type="String">phone</Value><Value Key="" Type="String">[Number]</Value></Array>
            <Object Key="" />
          </Array></Object>
        </PostValues>
      </Request>
      <Rules><Rule Type="Any">result.id</Rule></Rules>
      <Variables><Variable Name="N" Path="result.name"/></Variables>
      <Outputs AllowEmpty="false"><Output Type="FullName" Value="[N]" /></Outputs>
    </Scenario>""",
    parameters='<Parameter Name="RefreshToken" Type="OAuth" Title="Token:" RequestUrl="https://login.example/auth" '
    'RequestUrlParameters="response_type=code&amp;redirect_uri=[RedirectUri]" ResponseScenario="OAuthGet" />',
    authentication='<Authentication Type="Scenario"><Value>Auth</Value></Authentication>',
)
"""A token that is asked for first, then a call in JSON-RPC."""

ALL = (SIMPLE, CHAINED, HEADERS_AND_FORMS, BASIC_XML, GRANTED)


def filled(xml: str, granted: dict[str, str] | None = None, **parameters: str) -> Filled:
    return Filled(read_template(xml.encode()), parameters, granted or {})


def walk(
    walked: Generator[HttpRequest, HttpReply | None, Outcome], *replies: HttpReply | None
) -> tuple[list[HttpRequest], Outcome]:
    """Drive a walk with these replies; give the requests, and the outcome."""
    asked: list[HttpRequest] = []
    waiting: list[Any] = list(replies)
    try:
        asked.append(next(walked))
        while True:
            asked.append(walked.send(waiting.pop(0)))
    except StopIteration as ended:
        assert not waiting
        return asked, ended.value
