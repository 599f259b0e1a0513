-- depends: 0002.scheduling

ALTER TABLE users
    ADD COLUMN is_scim_disabled boolean NOT NULL DEFAULT false,
    ADD COLUMN anonymous_booking boolean NOT NULL DEFAULT false,
    ADD COLUMN anonymous_calendar_activity boolean NOT NULL DEFAULT false,
    ADD COLUMN show_getting_started_list boolean NOT NULL DEFAULT true,
    ADD COLUMN receive_email_marketing boolean NOT NULL DEFAULT false,
    ADD COLUMN personal_page jsonb NOT NULL DEFAULT '{}'; -- members in the API's own names

ALTER TABLE availabilities
    ADD COLUMN use_explicit_availability boolean NOT NULL DEFAULT false,
    ADD COLUMN explicit_availability_event_title text;

-- Of a set of public holidays: its year, by which the whole set is replaced. Null: made, or edited, by hand.
ALTER TABLE availability_exceptions ADD COLUMN holiday_year integer;
CREATE UNIQUE INDEX availability_exceptions_holidays ON availability_exceptions (company_id, owner_id, holiday_year, start_at)
    WHERE holiday_year IS NOT NULL AND deleted_at IS NULL;
