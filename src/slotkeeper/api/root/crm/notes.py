"""Notes; they are listed where they hang."""

from litestar import delete, patch, post
from litestar.di import NamedDependency
from litestar.params import JSONBody

from slotkeeper.api.openapi import READING, WRITING, problems
from slotkeeper.api.root.crm.paging import Id
from slotkeeper.api.services import Services
from slotkeeper.crm.notes import NewNote, Note, NotePatch, create_note, delete_note, update_note
from slotkeeper.records.caller import Caller


@post("/notes", summary="Write a note", responses=problems(*WRITING))
async def create_a_note(
    caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NewNote]
) -> Note:
    """On exactly one contact, deal or company."""
    async with services.pool.connection() as connection:
        return await create_note(connection, caller, data)


@patch("/notes/{id:str}", summary="Change or pin a note", responses=problems(*WRITING))
async def update_a_note(
    note_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services], data: JSONBody[NotePatch]
) -> Note:
    """Only what is given changes."""
    async with services.pool.connection() as connection:
        return await update_note(connection, caller.company_id, note_id, data)


@delete("/notes/{id:str}", summary="Delete a note", responses=problems(*READING))
async def delete_a_note(note_id: Id, caller: NamedDependency[Caller], services: NamedDependency[Services]) -> None:
    """For good."""
    async with services.pool.connection() as connection:
        await delete_note(connection, caller.company_id, note_id)


HANDLERS = (create_a_note, update_a_note, delete_a_note)
