-- depends: 0002.scheduling
--
-- Queues: whose turn is it? (docs/decisions/0060, 0061)

CREATE TABLE queues (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    workspace_id uuid,
    name text NOT NULL,
    type text NOT NULL DEFAULT 'simpleRoundRobin'
        CHECK (type IN ('simpleRoundRobin', 'advancedRoundRobin', 'equalDistribution')),
    max_lead_threshold integer CHECK (max_lead_threshold >= 1), -- null: only those with the fewest bookings are offered
    distribution_period text NOT NULL DEFAULT 'month' CHECK (distribution_period IN ('day', 'week', 'month')),
    prioritize_near_term_availability boolean NOT NULL DEFAULT false,
    version bigint NOT NULL DEFAULT 0,            -- grows with every turn and every edit; the fence of decision 0061
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
) WITH (fillfactor = 50);
CREATE INDEX queues_by_workspace ON queues (company_id, workspace_id) WHERE deleted_at IS NULL;

ALTER TABLE meeting_types ADD COLUMN queue_id uuid;
ALTER TABLE meeting_types ADD FOREIGN KEY (company_id, queue_id) REFERENCES queues (company_id, id);
CREATE INDEX meeting_types_by_queue ON meeting_types (company_id, queue_id) WHERE queue_id IS NOT NULL;

CREATE TABLE queue_members (
    company_id uuid NOT NULL,
    queue_id uuid NOT NULL,
    user_id uuid NOT NULL,
    position integer NOT NULL,
    capacity integer NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 100), -- places in the line
    priority smallint NOT NULL DEFAULT 0 CHECK (priority BETWEEN 0 AND 3),  -- stars; 0: none
    custom_link text,
    PRIMARY KEY (company_id, queue_id, user_id),
    FOREIGN KEY (company_id, queue_id) REFERENCES queues (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id)
);
CREATE INDEX queue_members_by_user ON queue_members (company_id, user_id);

CREATE TABLE queue_user_groups (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    queue_id uuid NOT NULL,
    name text NOT NULL,
    capacity integer NOT NULL DEFAULT 1 CHECK (capacity BETWEEN 1 AND 100), -- of its users who hold an appointment
    main_group_host_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, queue_id) REFERENCES queues (company_id, id),
    FOREIGN KEY (company_id, main_group_host_id) REFERENCES users (company_id, id)
);
CREATE INDEX queue_user_groups_by_queue ON queue_user_groups (company_id, queue_id) WHERE deleted_at IS NULL;

CREATE TABLE queue_user_group_members (
    company_id uuid NOT NULL,
    group_id uuid NOT NULL,
    user_id uuid NOT NULL,
    position integer NOT NULL,
    PRIMARY KEY (company_id, group_id, user_id),
    FOREIGN KEY (company_id, group_id) REFERENCES queue_user_groups (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id)
);
CREATE INDEX queue_user_group_members_by_user ON queue_user_group_members (company_id, user_id);

-- One row per turn and host: a member's turn is one row, a group's has one per host that takes part. Rows are numbered in
-- the order in which a queue's turns are taken, because its row is locked while one is.
CREATE TABLE round_robin_entries (
    company_id uuid NOT NULL,
    id bigint GENERATED ALWAYS AS IDENTITY,
    queue_id uuid NOT NULL,
    turn bigint NOT NULL,                         -- the queue's version that it made
    seat smallint NOT NULL,                       -- 0 leads the appointment, and is what is counted
    appointment_id uuid NOT NULL,
    user_id uuid NOT NULL,
    group_id uuid,
    taker_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(group_id, user_id)) STORED,
    selection_reason text NOT NULL CHECK (selection_reason IN (
        'rotation', 'priority', 'fewestBookings', 'onlyAvailable', 'chosenByAttendee', 'reassigned'
    )),
    start_at timestamptz NOT NULL,                -- of the appointment, wherever it moves
    created_at timestamptz NOT NULL,
    released_at timestamptz,                      -- given back: cancelled, or handed off to another
    PRIMARY KEY (company_id, id),
    CONSTRAINT no_turn_twice UNIQUE (company_id, queue_id, turn, seat),
    FOREIGN KEY (company_id, queue_id) REFERENCES queues (company_id, id),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id),
    FOREIGN KEY (company_id, group_id) REFERENCES queue_user_groups (company_id, id)
);
CREATE INDEX round_robin_entries_by_appointment ON round_robin_entries (company_id, appointment_id);
CREATE INDEX round_robin_entries_by_taker ON round_robin_entries (company_id, queue_id, taker_id, id)
    WHERE seat = 0 AND released_at IS NULL;
CREATE INDEX round_robin_entries_by_start ON round_robin_entries (company_id, queue_id, start_at, taker_id)
    WHERE seat = 0 AND released_at IS NULL;
CREATE INDEX round_robin_entries_by_host_of_group ON round_robin_entries (company_id, group_id, user_id, id)
    WHERE group_id IS NOT NULL AND released_at IS NULL;
