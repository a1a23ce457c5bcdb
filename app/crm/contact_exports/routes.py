"""Exports of contacts."""

from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from fastapi.responses import Response

from app.accounts.service import LoggedIn
from app.api.exports import EXPORTS, ExportFile, ExportPlaces, ExportStream
from app.api.problems import refusals
from app.api.security import Known, needs, user_id
from app.crm.contact_exports.errors import ContactExportsBusy, ContactsTooMany
from app.crm.contact_exports.service import ContactExports, ContactFormat
from app.crm.contact_search.routes import Asked
from app.crm.contact_search.service import asks_nothing
from app.domain.roles import Permission

Exports = Annotated[LoggedIn, needs(Permission.CONTACTS_EXPORT)]
router = APIRouter(prefix="/contacts", tags=["contacts"])
_MEDIA: Final = {
    ContactFormat.CSV: "text/csv",
    ContactFormat.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ContactFormat.VCARD: "text/vcard",
}
_NAMES: Final = {
    ContactFormat.CSV: "contacts.csv",
    ContactFormat.XLSX: "contacts.xlsx",
    ContactFormat.VCARD: "contacts.vcf",
}
_FILES: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "The file.",
        "content": {media: {"schema": {"type": "string", "format": "binary"}} for media in _MEDIA.values()},
    }
}


@router.get(
    "/export",
    summary="Contacts as a file",
    responses=refusals(*EXPORTS, ContactExportsBusy, ContactsTooMany) | _FILES,
    response_class=Response,
)
async def export_contacts(
    asked: Asked,
    who: Exports,
    services: Known,
    request: Request,
    form: Annotated[
        ContactFormat, Query(alias="format", description="The kind of file; `vcard` is version 4.0.")
    ] = ContactFormat.CSV,
) -> Response:
    """Takes the filters of the list; without any, all contacts. The newest come first.

    The file is imported again without loss. CSV and cards are sent as they are made, however many contacts there are; a
    workbook has at most 200,000. No cell of them is a formula. The audit trail has `contact.export_begun`, and
    `contact.exported` once the file has been given whole.
    """
    exports: ContactExports = request.app.state.contact_exports
    places: ExportPlaces = request.app.state.export_places
    all_ = asks_nothing(asked, services.region)
    given = partial(exports.given, form, who.actor, all_=all_)
    with places.begin(user_id(who)) as place:
        columns = await exports.begin(form, who.actor, all_=all_)
        if form is ContactFormat.XLSX:
            path = await exports.workbook(asked, services.region, columns)
            return ExportFile(path, place, given=given, media_type=_MEDIA[form], filename=_NAMES[form])
        return ExportStream(
            exports.pieces(asked, services.region, form, columns, given),
            place,
            media_type=f"{_MEDIA[form]}; charset=utf-8",
            headers={"Content-Disposition": f'attachment; filename="{_NAMES[form]}"'},
        )
