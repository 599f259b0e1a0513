"""CentralStationCRM's part of the API's crmOptions."""

import msgspec


class Options(msgspec.Struct, frozen=True, kw_only=True, rename="camel"):
    """What is kept in CentralStationCRM; ids are CentralStationCRM's."""

    central_station_contact_sync: bool = False
    central_station_task_sync: bool = False
    central_station_deal_sync: bool = False
    central_station_pipeline_id: int | None = None
    """CentralStationCRM's ``deal_type_id``."""
    central_station_stage_id: int | None = None
    """CentralStationCRM's ``deal_type_stage_id``."""
