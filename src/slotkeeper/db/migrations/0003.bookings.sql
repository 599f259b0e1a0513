-- depends: 0002.scheduling
--
-- Booking in all its modes: requests that wait for somebody, groups, holds, series; and the kinds of change they bring.

ALTER TABLE changes DROP CONSTRAINT changes_kind_check;
ALTER TABLE changes ADD CONSTRAINT changes_kind_check CHECK (kind IN (
    'requested', 'booked', 'confirmed', 'declined', 'expired', 'rescheduled', 'cancelled', 'joined', 'left',
    'guest_added', 'handed_off', 'proposed', 'proposal_declined', 'proposal_withdrawn'
));
ALTER TABLE changes
    ADD COLUMN attendee_id uuid,                  -- who joined, left, or brought the guest
    ADD COLUMN guest text,                        -- the address that was added
    ADD COLUMN previous_host_ids uuid[],          -- of a hand-off
    ADD COLUMN proposed_starts timestamptz[];     -- of a proposal

ALTER TABLE appointments
    ADD COLUMN waiting_for text CHECK (waiting_for IN ('host', 'attendee')), -- of a tentative one: whose word is missing
    ADD COLUMN series_id uuid,
    ADD COLUMN queue_id uuid,
    ADD COLUMN seats integer NOT NULL DEFAULT 1;  -- of a group; the meeting type's spots when it was booked
CREATE INDEX appointments_by_series ON appointments (company_id, series_id, start_at) WHERE series_id IS NOT NULL;

ALTER TABLE effects DROP CONSTRAINT effects_kind_check;
ALTER TABLE effects ADD CONSTRAINT effects_kind_check CHECK (kind IN (
    'email', 'reminder', 'message', 'calendar', 'meeting_link', 'crm', 'webhook'
));

-- A booking that waits for the attendee's or a host's word. Its appointment is tentative and holds its time; the ids are one.
CREATE TABLE provisional_bookings (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL CHECK (type IN ('doubleOptIn', 'requireHostConfirmation')), -- what it waits for first
    then_opt_in boolean NOT NULL DEFAULT false,   -- the attendee's word is asked for after the host's
    status text NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'confirmed', 'expired', 'declined_by_host', 'withdrawn')),
    dto jsonb NOT NULL,                           -- the booking as it was asked for
    expires_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    decided_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, id) REFERENCES appointments (company_id, id)
);
CREATE INDEX provisional_bookings_by_age ON provisional_bookings (company_id, created_at DESC);
CREATE INDEX provisional_bookings_due ON provisional_bookings (expires_at) WHERE status = 'pending';

-- A group's appointment is found by its time: a second booking of the slot joins it.
CREATE INDEX appointments_of_type_by_start ON appointments (company_id, meeting_type_id, start_at);

CREATE TABLE pending_attendees (
    company_id uuid NOT NULL REFERENCES companies (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    attendee jsonb NOT NULL,                      -- as it was typed, in the API's names
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);

-- A move of many that takes long: what is asked, and one result per appointment as it is done.
CREATE TABLE bulk_moves (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    caller jsonb NOT NULL,
    moves jsonb NOT NULL,
    request jsonb NOT NULL,
    state text NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'done')),
    results jsonb NOT NULL DEFAULT '[]',
    created_at timestamptz NOT NULL,
    finished_at timestamptz,
    PRIMARY KEY (company_id, id)
);

-- Links name an appointment and nothing else.
CREATE INDEX appointments_by_id ON appointments (id);
