"""Where a deal may go, and how it stands there. Pure."""

from collections.abc import Mapping
from uuid import UUID

from slotkeeper.crm.pipeline import Pipeline, Stage, stage_in
from slotkeeper.db.deals import Outcome
from slotkeeper.errors import FieldError, Malformed, NotFound


def outcome_in(stage: Stage) -> Outcome | None:
    """What entering the stage makes of a deal."""
    if stage.is_won:
        return "won"
    return "lost" if stage.is_lost else None


def chosen_stage(pipeline: Pipeline, field: str, stage_id: UUID) -> Stage:
    """The one that ``field`` names. Raises ``Malformed`` for one of another pipeline."""
    try:
        return stage_in(pipeline, stage_id)
    except NotFound as unknown:
        raise Malformed.field(field, "must be a stage of the deal's pipeline") from unknown


def won_stage(pipeline: Pipeline, wanted: UUID | None, standing: UUID) -> Stage:
    """The wanted one, else the first that counts as won, else where the deal stands. Raises ``Malformed``."""
    if wanted is None:
        return _first(pipeline, "won") or stage_in(pipeline, standing)
    stage = chosen_stage(pipeline, "wonStageId", wanted)
    if not stage.is_won:
        raise Malformed.field("wonStageId", "must be a stage that counts as won")
    return stage


def lost_stage(pipeline: Pipeline, wanted: UUID | None, standing: UUID) -> Stage:
    """As ``won_stage``."""
    if wanted is None:
        return _first(pipeline, "lost") or stage_in(pipeline, standing)
    stage = chosen_stage(pipeline, "lostStageId", wanted)
    if not stage.is_lost:
        raise Malformed.field("lostStageId", "must be a stage that counts as lost")
    return stage


def open_stage(pipeline: Pipeline, wanted: UUID | None, *, standing: UUID, before: UUID | None) -> Stage:
    """Where a reopened deal goes: the wanted stage; else where it stands, where it stood before it was closed, or the
    first open one, the first of these that is open. Raises ``Malformed``."""
    if wanted is not None:
        stage = chosen_stage(pipeline, "stageId", wanted)
        if outcome_in(stage) is not None:
            raise Malformed.field("stageId", "must be a stage that counts neither as won nor as lost")
        return stage
    still_open = {stage.id: stage for stage in pipeline.stages if outcome_in(stage) is None}
    found = still_open.get(standing) or (still_open.get(before) if before else None)
    return found or _first(pipeline, None) or stage_in(pipeline, standing)


def require_fields(stage: Stage, custom_fields: Mapping[str, object]) -> None:
    """Raises ``Malformed`` naming each field that the stage needs and the deal lacks."""
    missing = [key for key in stage.required_custom_fields if custom_fields.get(key) in (None, "", [])]
    if missing:
        message = f"is required in the stage {stage.name}"
        raise Malformed([FieldError(f"customFields.{key}", message) for key in missing])


def _first(pipeline: Pipeline, outcome: Outcome | None) -> Stage | None:
    return next((stage for stage in pipeline.stages if outcome_in(stage) == outcome), None)
