"""The OpenAPI 3.1 document at ``/openapi.json``: routes from the handlers, webhooks from the payloads that are sent."""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import MediaType, Request
from litestar.handlers import HTTPRouteHandler
from litestar.openapi import OpenAPIConfig, ResponseSpec
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from slotkeeper import __version__
from slotkeeper.accounts.authenticate import USER_HEADER
from slotkeeper.api.problems import PROBLEM_JSON, Problem
from slotkeeper.api.response_headers import with_response_headers
from slotkeeper.webhooks.announcement_shapes import WebhookCredentialError, WebhookNewEmployee
from slotkeeper.webhooks.payload_shapes import (
    WebhookBookingCancelled,
    WebhookBookingCreated,
    WebhookBookingReassigned,
    WebhookBookingRescheduled,
    WebhookProposalDeclined,
    WebhookProposalWithdrawn,
    WebhookRescheduleProposed,
)

_MEANINGS = {
    400: "The request cannot be understood; `errors` names the fields",
    401: "No credential, or one that is wrong, expired or revoked",
    403: "The caller is known and may not",
    404: "Unknown, or somebody else's: the answers are alike",
    406: "The company has as many of these as it may",
    409: "The request is right and the state forbids it; `errorCode` says why, `conflicts` what stands in the way",
    412: "`If-Match` names an older version",
    413: "The body is larger than 256 KiB (4 MiB for imports)",
    415: "The body is not `application/json`",
    422: "The `Idempotency-Key` was used for another request",
    429: "More than this caller may send at present; see `Retry-After`",
    500: "A defect of ours; it has been logged",
    503: "The database does not answer at present; see `Retry-After`",
}
WEBHOOK_TYPES: Mapping[str, type[msgspec.Struct]] = {
    "booking_created": WebhookBookingCreated,
    "booking_rescheduled": WebhookBookingRescheduled,
    "booking_cancelled": WebhookBookingCancelled,
    "booking_reassigned": WebhookBookingReassigned,
    "reschedule_proposed": WebhookRescheduleProposed,
    "reschedule_proposal_declined": WebhookProposalDeclined,
    "reschedule_proposal_withdrawn": WebhookProposalWithdrawn,
    "new_employee": WebhookNewEmployee,
    "credential_error": WebhookCredentialError,
}
READING = (400, 401, 403, 404, 429, 500, 503)
WRITING = (*READING, 409, 413, 415)
CHANGING_AN_APPOINTMENT = (*WRITING, 412, 422)


def success(content: Any, description: str) -> ResponseSpec:
    """For a handler's ``responses``, where its own type does not say what it answers."""
    return ResponseSpec(content, description=description, generate_examples=False)


def problems(*statuses: int) -> dict[int, ResponseSpec]:
    """For a handler's ``responses``: the error answers that it can give."""
    return {
        status: ResponseSpec(
            data_container=Problem,
            description=_MEANINGS[status],
            media_type=PROBLEM_JSON,
            generate_examples=False,
        )
        for status in statuses
    }


def openapi_config() -> OpenAPIConfig:
    return OpenAPIConfig(
        title="slotkeeper",
        version=__version__,
        description="Scheduling in the shapes of the meetergo v4 API. Unknown members of a body are ignored.",
        components=Components(security_schemes=_SECURITY_SCHEMES),
        security=[{"JWT": []}, {"ApiKey": [], "ApiUserHeader": []}],
        use_handler_docstrings=True,
        operation_id_creator=_operation_id,
        path="/openapi.json",
        render_plugins=[_Document(path="/", media_type=MediaType.JSON)],
    )


def _operation_id(handler: HTTPRouteHandler, _method: object, path: Sequence[object]) -> str:
    """``getAppointmentV4`` for ``get_appointment`` under ``/v4``: what generated clients call their functions."""
    first, *others = str(handler.handler_name).split("_")
    version = "V4" if path[:1] == ["v4"] else ""
    return first + "".join(map(str.capitalize, others)) + version


class _Document(JsonRenderPlugin):
    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:  # noqa: ARG002 - its interface
        return msgspec.json.encode(with_response_headers(_with_webhooks(_with_optional_bodies(openapi_schema))))


def _with_optional_bodies(document: dict[str, Any]) -> dict[str, Any]:
    """Litestar calls every body required; one that may be null may as well be left out."""
    for item in document["paths"].values():
        for operation in item.values():
            body = operation.get("requestBody", {"content": {}})
            if any({"type": "null"} in media["schema"].get("oneOf", []) for media in body["content"].values()):
                body["required"] = False
    return document


def _with_webhooks(document: dict[str, Any]) -> dict[str, Any]:
    """The bodies that are sent, each under its ``webhookType``; Litestar describes only what is received."""
    _, shapes = msgspec.json.schema_components(
        WEBHOOK_TYPES.values(),
        schema_hook=lambda _: {"description": "any JSON value"},  # `object`, which msgspec cannot describe
        ref_template="#/components/schemas/{name}",
    )
    components = document["components"]
    schemas = {**components["schemas"], **shapes}
    webhooks = {name: {"post": _delivery(name, shape)} for name, shape in WEBHOOK_TYPES.items()}
    return {**document, "components": {**components, "schemas": schemas}, "webhooks": webhooks}


def _delivery(name: str, shape: type[msgspec.Struct]) -> dict[str, Any]:
    schema = {"$ref": f"#/components/schemas/{shape.__name__}"}
    return {
        "operationId": name,
        "tags": ["Webhooks"],
        "summary": f"Sent to endpoints whose eventTypes contain {name}",
        "description": "Signed after Standard Webhooks: webhook-id, webhook-timestamp, webhook-signature.",
        "requestBody": {"required": True, "content": {"application/json": {"schema": schema}}},
        "responses": {"2XX": {"description": "Received; anything else is tried again"}},
    }


_SECURITY_SCHEMES: Any = {
    "JWT": SecurityScheme(
        type="http",
        scheme="bearer",
        description="A personal token (`rgo-…`), or a JWT of the configured OpenID Connect issuer.",
    ),
    "ApiKey": SecurityScheme(
        type="http", scheme="bearer", description="A platform key of the company: `ak_live:<uuid>:<secret>`."
    ),
    "ApiUserHeader": SecurityScheme(
        type="apiKey",
        name=USER_HEADER,
        security_scheme_in="header",
        description="The user to act as; required with a platform key.",
    ),
}
