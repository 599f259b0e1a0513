"""THE TABLE: one line for each route. A path under /v4 and the same without it share a line."""

from collections.abc import Mapping

from msgspec.structs import replace

from tests.api.access.callers import (
    BY_SECRET,
    BY_SECRET_TYPES_NOTHING,
    FOR_ADMINS,
    FOR_KEYS,
    HOLDS_THE_LINK,
    IS_SENT_ON,
    NOT_THE_ATTENDEES_TURN,
    NOT_THE_HOSTS_TURN,
    ONLY_THE_ATTENDEE,
    OPEN,
    OWN,
    OWN_OR_THE_OWNERS,
    THE_ADMINS,
    THE_COMPANYS,
    THE_COMPANYS_IN_A_BODY,
    THE_HOSTS,
    THE_HOSTS_TO_CHANGE,
    TYPES_NOTHING,
    Answers,
    Row,
    to_users,
)

WHEN = "2037-12-07T09:00:00Z"
ATTENDEE = {"email": "bo@example.org"}
BOOKING = {"meetingTypeId": "<meeting-type>", "start": "<free>", "attendee": ATTENDEE}
MOVE = {"start": "<free>", "ignoreAvailability": True}
DAY_OFF = {"start": WHEN, "end": "2037-12-07T18:00:00Z"}
DEAL = {"name": "D", "pipelineId": "<pipeline>", "stageId": "<stage>"}


def line(answers: Answers, body: object = None, query: str = "", *, anew: bool = True) -> Row:
    return Row(answers=answers, body=body, query=query, anew=anew)


def of(groups: tuple[str, ...], lines: Mapping[str, Row]) -> dict[str, Row]:
    return {route: replace(row, groups=groups) for route, row in lines.items()}


WITHOUT_A_TOKEN = {
    "GET /healthz": line(OPEN),
    "GET /readyz": line(OPEN),
    "GET /problems": line(OPEN),
    "GET /problems/{code}": line(OPEN),
    "GET /openapi.json": line(OPEN),
    "GET /openapi.json/{path}": line(OPEN),
    "GET /openapi.json/openapi.json": line(OPEN),
    "GET /o/{token}": line(IS_SENT_ON),
    "GET /connect/{signed}": line(HOLDS_THE_LINK),
    "POST /connect/{signed}": line(TYPES_NOTHING),
    "GET /a/{secret}": line(BY_SECRET),
    "GET /a/{secret}/invite.ics": line(BY_SECRET),
    "GET /a/{secret}/proposal": line(BY_SECRET),
    "POST /a/{secret}/proposal": line(BY_SECRET_TYPES_NOTHING),
    "GET /h/{link}": line(HOLDS_THE_LINK),
    "POST /h/{link}": line(TYPES_NOTHING),
    "GET /appointment/by-secret/{secret}/proposals": line(BY_SECRET),
    "POST /appointment/by-secret/{secret}/proposals": line(BY_SECRET, {"starts": ["<free>"]}),
    "POST /appointment/by-secret/{secret}/proposals/{proposalId}/accept": line(
        NOT_THE_ATTENDEES_TURN, {"start": "<free>"}
    ),
    "POST /appointment/by-secret/{secret}/proposals/{proposalId}/decline": line(NOT_THE_ATTENDEES_TURN),
    "POST /appointment/by-secret/{secret}/proposals/{proposalId}/withdraw": line(ONLY_THE_ATTENDEE),
}

SCHEDULING = {
    "GET /appointment/paginated": line(OWN, query="page=0&pageSize=10"),
    "GET /appointment/today": line(OWN),
    "GET /appointment/{id}": line(THE_HOSTS),
    "POST /appointment/{id}/reschedule": line(THE_HOSTS_TO_CHANGE, MOVE),
    "POST /appointment/{id}/cancel": line(THE_HOSTS_TO_CHANGE),
    "PATCH /appointment/{id}/guest": line(THE_HOSTS_TO_CHANGE, {"attendeeId": "<attendee>", "email": "g@example.org"}),
    "PATCH /appointment/{id}/notes": line(THE_HOSTS_TO_CHANGE, {"note": "n"}),
    "PATCH /appointment/{id}/transcription": line(THE_HOSTS_TO_CHANGE, {"summary": "s"}),
    "PATCH /appointment/{id}/no-show": line(THE_HOSTS_TO_CHANGE, {"noShow": True}),
    "GET /appointment/{id}/history": line(THE_HOSTS),
    "POST /appointment/{id}/reschedule/undo": line(THE_HOSTS),
    "GET /appointment/{id}/proposals": line(THE_HOSTS),
    "POST /appointment/{id}/proposals": line(THE_HOSTS_TO_CHANGE, {"starts": ["<free>"], "ignoreAvailability": True}),
    "POST /appointment/{id}/proposals/{proposalId}/accept": line(THE_HOSTS_TO_CHANGE, {"start": "<proposed>"}),
    "POST /appointment/{id}/proposals/{proposalId}/decline": line(THE_HOSTS_TO_CHANGE),
    "POST /appointment/{id}/proposals/{proposalId}/withdraw": line(NOT_THE_HOSTS_TURN),
    "GET /appointment/{id}/effects": line(THE_HOSTS),
    "POST /appointment/{id}/effects/{effectId}/retry": line(THE_HOSTS, anew=False),
    "POST /appointment/reschedule-bulk": line(
        THE_COMPANYS, {"appointmentIds": ["<appointment>"], "mode": "bestEffort"}
    ),
    "GET /appointment/reschedule-bulk/{jobId}": line(THE_HOSTS),
    "POST /handoff/appointment": line(
        THE_HOSTS_TO_CHANGE, {"appointmentId": "<appointment>", "userId": "<other host>", "ignoreAvailability": True}
    ),
    "GET /booking-availability": line(
        to_users(2, 2, 2, 404, 2), query="meetingTypeId=<meeting-type>&start=2037-12-07&end=2037-12-08"
    ),
    "POST /booking": line(to_users(2, 2, 2, 404, 2), BOOKING),
    "POST /hold": line(THE_COMPANYS, {"meetingTypeId": "<meeting-type>", "start": "<free>"}),
    "DELETE /hold/{id}": line(THE_COMPANYS),
    "GET /provisional-booking/paginated": line(OWN, query="page=0&pageSize=10"),
    "POST /provisional-booking/{id}/confirm": line(THE_HOSTS),
    "POST /provisional-booking/{id}/decline": line(THE_HOSTS),
    "GET /attendee/pending": line(OWN),
    "POST /attendee/pending": line(OWN, {"attendee": ATTENDEE}),
    "POST /attendee/quick-mail": line(THE_HOSTS, {"attendeeId": "<attendee>", "title": "t", "content": "c"}),
    "GET /meeting-type": line(OWN),
    "POST /meeting-type": line(OWN, {"meetingInfo": {"name": "Talk"}}),
    "GET /meeting-type/{id}": line(THE_COMPANYS),
    "PATCH /meeting-type/{id}": line(THE_HOSTS_TO_CHANGE, {"bookingMinimum": 0}),
    "DELETE /meeting-type/{id}": line(THE_HOSTS_TO_CHANGE),
    "GET /meeting-type-template": line(OWN),
    "POST /meeting-type-template/create": line(OWN, {"meetingInfo": {"name": "Talk"}}),
    "GET /meeting-type-template/{id}": line(THE_COMPANYS),
    "DELETE /meeting-type-template/{id}": line(THE_HOSTS_TO_CHANGE),
    "GET /one-time-booking-link": line(THE_HOSTS_TO_CHANGE, query="meetingTypeId=<meeting-type>"),
    "POST /one-time-booking-link/create/{meetingTypeId}": line(THE_HOSTS_TO_CHANGE),
    "DELETE /one-time-booking-link/{id}": line(THE_HOSTS_TO_CHANGE),
    "POST /import": line(to_users(400, 400, 400, 400), {"url": "https://elsewhere.example/anna"}),
    "GET /company/meeting-type-settings": line(OWN),
    "PATCH /company/meeting-type-settings": line(FOR_ADMINS, {}),
    "GET /availability": line(OWN),
    "POST /availability": line(OWN, {"name": "Evenings"}),
    "GET /availability/{id}": line(THE_HOSTS),
    "PATCH /availability/{id}": line(THE_HOSTS, {"name": "Late"}),
    "PATCH /availability/{id}/holiday-exceptions": line(THE_HOSTS, {"year": 2025, "country": "DE"}),
    "DELETE /availability/{id}": line(THE_HOSTS),
    "GET /availability-exception": line(OWN),
    "POST /availability-exception": line(OWN, DAY_OFF),
    "PATCH /availability-exception/{id}": line(THE_HOSTS, {"title": "x"}),
    "DELETE /availability-exception/{id}": line(THE_HOSTS),
    "GET /queue": line(OWN),
    "GET /queue/workspace/{id}": line(OWN),
    "GET /queue/{id}": line(THE_HOSTS),
    "GET /queue/{id}/next": line(THE_HOSTS),
    "PATCH /queue/meeting-type/{id}": line(THE_HOSTS_TO_CHANGE, {"maxLeadThreshold": 2}),
    "DELETE /queue/{id}": line(THE_HOSTS),
    "GET /queue-user-group": line(OWN),
    "POST /queue-user-group": line(THE_HOSTS, {"queueId": "<queue>", "name": "Team"}),
    "GET /queue-user-group/{id}": line(THE_HOSTS),
    "PATCH /queue-user-group/{id}": line(THE_HOSTS, {"capacity": 2}),
    "DELETE /queue-user-group/{id}": line(THE_HOSTS),
}

SCHEDULING_OR_ACCOUNT = {
    "GET /user/me": line(OWN_OR_THE_OWNERS),
    "GET /personal-page/me": line(OWN),
    "PATCH /personal-page/me": line(OWN, {}),
}

ACCOUNT = {
    "GET /user": line(FOR_ADMINS),
    "POST /user": line(
        to_users(403, 403, 403, 403, 2), {"email": "<new>@example.com", "givenName": "N", "familyName": "N"}
    ),
    "PATCH /user/{id}": line(FOR_KEYS, {"title": "Dr."}),
    "DELETE /user/{id}": line(FOR_KEYS),
    "GET /webhooks": line(OWN),
    "POST /webhooks": line(FOR_ADMINS, {"endpoint": "http://127.0.0.1:9/", "eventTypes": ["booking_created"]}),
    "PATCH /webhooks/{id}": line(THE_ADMINS, {"description": "d"}),
    "DELETE /webhooks/{id}": line(THE_ADMINS),
    "GET /connections": line(OWN),
    "POST /connections": line(OWN, {"provider": "acme", "credentials": {"password": "right"}}),
    "DELETE /connections/{id}": line(THE_HOSTS),
    "GET /calendar-connections/connections": line(OWN),
    "GET /calendar-connections/auth/{provider}/url": line(OWN),
}

CRM = {
    "GET /crm": line(OWN),
    "POST /crm": line(OWN, {"email": "<new>@example.org"}),
    "GET /crm/details": line(THE_COMPANYS, query="contactId=<contact>"),
    "PATCH /crm/{id}": line(THE_COMPANYS, {"notes": "n"}),
    "DELETE /crm/{id}": line(THE_COMPANYS),
    "GET /crm/contacts/{id}/activity": line(THE_COMPANYS),
    "GET /crm/contacts/{id}/notes": line(THE_COMPANYS),
    "GET /crm/contacts/{id}/emails": line(THE_COMPANYS),
    "GET /crm/contacts/{id}/attachments": line(THE_COMPANYS),
    "POST /crm/bulk": line(OWN, {"contacts": [{"email": "<new>@example.org"}]}),
    "POST /crm/bulk-delete": line(OWN, {"contactIds": ["<contact>"]}),
    "POST /crm/deals/bulk-import": line(
        THE_COMPANYS_IN_A_BODY,
        {"rows": [{"email": "<new>@example.org"}], "pipelineId": "<pipeline>", "stageId": "<stage>"},
    ),
    "GET /crm/pipelines": line(OWN),
    "POST /crm/pipelines": line(FOR_ADMINS, {"name": "P"}),
    "PATCH /crm/pipelines/{id}": line(THE_ADMINS, {"name": "Q"}),
    "DELETE /crm/pipelines/{id}": line(THE_ADMINS),
    "POST /crm/pipelines/{id}/stages": line(THE_ADMINS, {"name": "S", "color": "#fff"}),
    "PATCH /crm/pipelines/{id}/stages/reorder": line(THE_ADMINS, {"stageIds": "<stages>"}),
    "PATCH /crm/pipelines/{id}/stages/{stageId}": line(THE_ADMINS, {"name": "S"}),
    "DELETE /crm/pipelines/{id}/stages/{stageId}": line(THE_ADMINS, query="moveToStageId=<next stage>"),
    "GET /crm/deals": line(OWN),
    "POST /crm/deals": line(THE_COMPANYS_IN_A_BODY, DEAL),
    "GET /crm/deals/summary": line(OWN),
    "GET /crm/deals/limits": line(OWN),
    "GET /crm/deals/{id}": line(THE_COMPANYS),
    "PATCH /crm/deals/{id}": line(THE_COMPANYS, {"notes": "n"}),
    "DELETE /crm/deals/{id}": line(THE_COMPANYS),
    "PATCH /crm/deals/{id}/won": line(THE_COMPANYS),
    "PATCH /crm/deals/{id}/lost": line(THE_COMPANYS),
    "PATCH /crm/deals/{id}/reopen": line(THE_COMPANYS),
    "GET /crm/deals/{id}/activity": line(THE_COMPANYS),
    "GET /crm/deals/{id}/appointments": line(THE_COMPANYS),
    "GET /crm/deals/{id}/notes": line(THE_COMPANYS),
    "GET /crm/deals/{id}/communications": line(THE_COMPANYS),
    "GET /crm/deals/{id}/emails": line(THE_COMPANYS),
    "GET /crm/deals/{id}/attachments": line(THE_COMPANYS),
    "GET /crm/deals/{id}/contact-suggestions": line(THE_COMPANYS),
    "GET /crm/deals/{id}/duplicate-candidates": line(THE_COMPANYS),
    "POST /crm/deals/{id}/contacts": line(THE_COMPANYS_IN_A_BODY, {"contactId": "<new contact>"}),
    "PATCH /crm/deals/{id}/contacts/{dealContactId}": line(THE_COMPANYS, {"role": "user"}),
    "DELETE /crm/deals/{id}/contacts/{dealContactId}": line(THE_COMPANYS),
    "POST /crm/deals/{id}/merge": line(THE_COMPANYS, {"duplicateDealIds": ["<duplicate>"]}),
    "GET /crm/companies": line(OWN),
    "POST /crm/companies": line(OWN, {"name": "C"}),
    "GET /crm/companies/summary": line(OWN),
    "GET /crm/companies/by-domain/{domain}": line(THE_COMPANYS),
    "GET /crm/companies/{id}": line(THE_COMPANYS),
    "PATCH /crm/companies/{id}": line(THE_COMPANYS, {"notes": "n"}),
    "DELETE /crm/companies/{id}": line(THE_COMPANYS),
    "GET /crm/companies/{id}/contacts": line(THE_COMPANYS),
    "GET /crm/companies/{id}/deals": line(THE_COMPANYS),
    "GET /crm/companies/{id}/meeting-history": line(THE_COMPANYS),
    "GET /crm/companies/{id}/notes": line(THE_COMPANYS),
    "GET /crm/companies/{id}/attachments": line(THE_COMPANYS),
    "GET /crm/communications": line(THE_COMPANYS, query="contactId=<contact>"),
    "POST /crm/communications": line(
        THE_COMPANYS_IN_A_BODY,
        {"type": "call", "direction": "inbound", "body": "x", "occurredAt": WHEN, "contactId": "<contact>"},
    ),
    "PATCH /crm/communications/{id}": line(THE_COMPANYS, {"body": "y"}),
    "DELETE /crm/communications/{id}": line(THE_COMPANYS),
    "POST /crm/notes": line(THE_COMPANYS_IN_A_BODY, {"content": "x", "contactId": "<contact>"}),
    "PATCH /crm/notes/{id}": line(THE_COMPANYS, {"content": "y"}),
    "DELETE /crm/notes/{id}": line(THE_COMPANYS),
    "GET /crm/tasks": line(OWN),
    "POST /crm/tasks": line(OWN, {"title": "T", "type": "call", "dueDate": WHEN}),
    "GET /crm/tasks/summary": line(OWN),
    "GET /crm/tasks/overdue": line(OWN),
    "GET /crm/tasks/upcoming": line(OWN),
    "GET /crm/tasks/by-company/{id}": line(THE_COMPANYS),
    "GET /crm/tasks/{id}": line(THE_COMPANYS),
    "PATCH /crm/tasks/{id}": line(THE_COMPANYS, {"title": "U"}),
    "DELETE /crm/tasks/{id}": line(THE_COMPANYS),
    "PATCH /crm/tasks/{id}/complete": line(THE_COMPANYS),
    "PATCH /crm/tasks/{id}/uncomplete": line(THE_COMPANYS),
    "GET /crm/emails/send-capability": line(OWN),
    "GET /crm/emails/{id}/body": line(THE_COMPANYS),
    "GET /crm/settings/custom-fields": line(OWN, query="recordType=deal"),
    "PUT /crm/settings/custom-fields": line(FOR_ADMINS, {"fields": []}, query="recordType=deal"),
    "GET /crm/settings/lost-reasons": line(OWN),
    "PUT /crm/settings/lost-reasons": line(FOR_ADMINS, {"reasons": [], "required": False}),
}

ROWS: Mapping[str, Row] = {
    **WITHOUT_A_TOKEN,
    **of(("scheduling",), SCHEDULING),
    **of(("scheduling", "account"), SCHEDULING_OR_ACCOUNT),
    **of(("account",), ACCOUNT),
    **of(("crm",), CRM),
}
