"""The ASGI app: ``uvicorn slotkeeper.main:app --factory``."""

import gc
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from litestar import Litestar
from litestar.di import Provide
from litestar.types import ControllerRouterHandler, Scope
from psycopg_pool import AsyncConnectionPool

from slotkeeper.api import health
from slotkeeper.api.at_most import at_most
from slotkeeper.api.auth import caller_of
from slotkeeper.api.bodies import MAX_BODY, JsonBody
from slotkeeper.api.openapi import openapi_config
from slotkeeper.api.problems import answer_problem
from slotkeeper.api.public import attendee_appointment
from slotkeeper.api.public import proposals as attendees_proposals
from slotkeeper.api.query_string import tidy_query
from slotkeeper.api.root import availability, availability_exceptions, connections, crm, webhooks
from slotkeeper.api.services import Clock, Services, services_of
from slotkeeper.api.v4 import (
    appointment_history,
    appointment_lists,
    appointment_notes,
    appointments,
    attendees,
    booking_availability,
    bookings,
    calendar_connections,
    company_settings,
    effects,
    handoff,
    holds,
    imports,
    meeting_type_templates,
    meeting_types,
    one_time_links,
    personal_page,
    proposals,
    provisional_bookings,
    queue_user_groups,
    queues,
    reschedule_bulk,
    users,
)
from slotkeeper.api.visitors import count_visitor
from slotkeeper.db.pool import Connection
from slotkeeper.secrets import Vault
from slotkeeper.settings import Settings, load_settings
from slotkeeper.web import attendee_page, connect_page, host_page, problem_pages, proposal_page
from slotkeeper.web.booking import routes as booking_page

ROUTES: tuple[ControllerRouterHandler, ...] = (
    *health.ROUTES,
    appointment_lists.ROUTER,
    appointments.ROUTER,
    attendee_appointment.ROUTER,
    appointment_notes.ROUTER,
    appointment_history.ROUTER,
    proposals.ROUTER,
    attendees_proposals.ROUTER,
    handoff.ROUTER,
    reschedule_bulk.ROUTER,
    effects.ROUTER,
    booking_availability.ROUTER,
    bookings.ROUTER,
    holds.ROUTER,
    provisional_bookings.ROUTER,
    attendees.ROUTER,
    meeting_types.ROUTER,
    meeting_type_templates.ROUTER,
    one_time_links.ROUTER,
    company_settings.ROUTER,
    imports.ROUTER,
    availability.ROUTER,
    availability_exceptions.ROUTER,
    users.ROUTER,
    personal_page.ROUTER,
    queues.ROUTER,
    queue_user_groups.ROUTER,
    webhooks.ROUTER,
    connections.ROUTER,
    crm.ROUTER,
    calendar_connections.ROUTER,
    attendee_page.ROUTER,
    proposal_page.ROUTER,
    host_page.ROUTER,
    connect_page.ROUTER,
    problem_pages.ROUTER,
    booking_page.router(
        any_request=[count_visitor], booking=[at_most(20, per=timedelta(minutes=10))], problem=answer_problem
    ),
)

_OBJECTS_BETWEEN_COLLECTIONS = 20_000
"""A request makes some thousand objects and no cycles: Python's 700 would look for cycles several times in each."""


def app() -> Litestar:
    """With the settings of the environment."""
    return create_app(load_settings())


def create_app(
    settings: Settings,
    *,
    clock: Clock = lambda: datetime.now(UTC),
    routes: Sequence[ControllerRouterHandler] = ROUTES,
) -> Litestar:
    """The app; its pool opens with the lifespan."""
    litestar = Litestar(
        routes,
        lifespan=[_opened],
        dependencies={
            "services": Provide(services_of, sync_to_thread=False),
            "caller": Provide(caller_of, sync_to_thread=False),
            "pool": Provide(_pool_of, sync_to_thread=False),
            "vault": Provide(_vault_of, sync_to_thread=False),
            "now": Provide(_now_of, sync_to_thread=False),
        },
        before_request=tidy_query,
        dto=JsonBody,
        return_dto=None,
        exception_handlers={Exception: answer_problem},
        request_max_body_size=MAX_BODY,
        openapi_config=openapi_config(),
        logging_config=None,
    )
    litestar.state.services = Services(settings=settings, clock=clock)
    return litestar


@asynccontextmanager
async def _opened(litestar: Litestar) -> AsyncIterator[None]:
    services: Services = litestar.state.services
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    async with services.pool:
        yield


def _pool_of(scope: Scope) -> AsyncConnectionPool[Connection]:
    return services_of(scope).pool


def _vault_of(scope: Scope) -> Vault:
    return services_of(scope).vault


def _now_of(scope: Scope) -> datetime:
    return services_of(scope).clock()
