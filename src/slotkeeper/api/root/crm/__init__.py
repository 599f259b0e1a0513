"""The internal CRM under ``/crm``, as in the API, and under ``/v4/crm``.

Whoever reaches the group *crm* sees and keeps the whole company's; how it is arranged, admins change.
"""

from litestar import Router

from slotkeeper.api.auth import require_scope
from slotkeeper.api.root.crm import (
    bulk,
    communications,
    companies,
    company_records,
    contact_records,
    contacts,
    deal_contacts,
    deal_outcomes,
    deal_records,
    deals,
    emails,
    notes,
    pipelines,
    settings,
    stages,
    task_lists,
    tasks,
)

_NOUNS = (
    contacts,
    contact_records,
    bulk,
    pipelines,
    stages,
    deals,
    deal_outcomes,
    deal_records,
    deal_contacts,
    companies,
    company_records,
    communications,
    notes,
    tasks,
    task_lists,
    emails,
    settings,
)
_HANDLERS = [handler for noun in _NOUNS for handler in noun.HANDLERS]

ROUTER = Router(
    "/",
    guards=[require_scope("crm")],
    tags=["CRM"],
    route_handlers=[
        Router("/crm", route_handlers=_HANDLERS),
        Router("/v4/crm", route_handlers=_HANDLERS, include_in_schema=False),
    ],
)
