-- depends: 0001.procrastinate
--
-- Every table carries company_id, and every key, foreign key and join includes it (it can be a distribution column).
-- The few look-ups that cannot know the company yet (a credential, a mailed secret) go by a globally unique id or hash.

CREATE EXTENSION IF NOT EXISTS btree_gist;

CREATE TABLE companies (
    id uuid PRIMARY KEY,
    name text NOT NULL,
    owner_id uuid,
    timezone text NOT NULL,
    language text NOT NULL DEFAULT 'en',
    link_key bytea NOT NULL,                      -- encrypted; the secrets in mailed links derive from it
    override_by text NOT NULL DEFAULT 'hosts' CHECK (override_by IN ('hosts', 'admins')),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE users (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    email text NOT NULL,
    given_name text NOT NULL,
    family_name text NOT NULL,
    slug text NOT NULL,
    timezone text NOT NULL,
    language text NOT NULL DEFAULT 'en',
    picture text,
    title text,
    is_admin boolean NOT NULL DEFAULT false,
    user_type text NOT NULL DEFAULT 'standard' CHECK (user_type IN ('standard', 'resource', 'api-platform', 'partner')),
    oidc_subject text,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX users_by_email ON users (company_id, lower(email)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_by_slug ON users (company_id, slug) WHERE deleted_at IS NULL;
CREATE INDEX users_by_global_email ON users (lower(email)) WHERE deleted_at IS NULL;
CREATE UNIQUE INDEX users_by_oidc_subject ON users (oidc_subject) WHERE oidc_subject IS NOT NULL AND deleted_at IS NULL;

-- One narrow row per host: whoever changes what blocks a host locks it (in id order) and bumps its version.
CREATE TABLE host_calendars (
    company_id uuid NOT NULL,
    host_id uuid NOT NULL,
    version bigint NOT NULL DEFAULT 0,
    PRIMARY KEY (company_id, host_id),
    FOREIGN KEY (company_id, host_id) REFERENCES users (company_id, id)
) WITH (fillfactor = 50);

CREATE TABLE personal_tokens (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    token_hash bytea NOT NULL UNIQUE,             -- sha-256 of a random token
    token_hint text NOT NULL,                     -- its last four characters, for people
    scopes text[],                                -- null: everything its owner may
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id)
);

CREATE TABLE platform_keys (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL UNIQUE,                      -- stands in the key itself
    name text NOT NULL,
    secret_hash bytea NOT NULL,
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    deactivated_at timestamptz,
    revoked_at timestamptz,
    PRIMARY KEY (company_id, id),
    CHECK (expires_at <= created_at + interval '90 days 1 hour') -- the API allows 90 days; clocks differ
);

CREATE TABLE availabilities (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    name text NOT NULL,
    timezone text NOT NULL,
    schedule jsonb NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id)
);
CREATE UNIQUE INDEX availabilities_default ON availabilities (company_id, user_id) WHERE is_default AND deleted_at IS NULL;

CREATE TABLE availability_exceptions (
    company_id uuid NOT NULL REFERENCES companies (id),
    id bigint GENERATED ALWAYS AS IDENTITY,
    owner_type text NOT NULL CHECK (owner_type IN ('company', 'user')),
    owner_id uuid NOT NULL,
    available boolean NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    title text,
    note text,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    CHECK (start_at < end_at)
);
CREATE INDEX availability_exceptions_by_owner ON availability_exceptions (company_id, owner_id, end_at) WHERE deleted_at IS NULL;

CREATE TABLE meeting_types (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    user_id uuid NOT NULL,
    availability_id uuid,                         -- null: each host's default
    slug text NOT NULL,
    enabled boolean NOT NULL DEFAULT true,
    meeting_info jsonb NOT NULL,
    meeting_options jsonb NOT NULL DEFAULT '{}',
    spots integer NOT NULL DEFAULT 1 CHECK (spots BETWEEN 1 AND 100),
    locations text[] NOT NULL DEFAULT '{}',
    timeslot_interval integer NOT NULL DEFAULT 15 CHECK (timeslot_interval BETWEEN 5 AND 60),
    booking_minimum integer NOT NULL DEFAULT 0 CHECK (booking_minimum >= 0),
    days_into_future jsonb NOT NULL DEFAULT '{"mode": "limit", "bookingLimit": 525600}',
    booking_limits jsonb NOT NULL DEFAULT '{}',   -- {"day": n, "week": n, "month": n} per host
    reminders integer[] NOT NULL DEFAULT '{1440,60}', -- minutes before the start
    crm_options jsonb NOT NULL DEFAULT '{}',
    ics jsonb NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    internal_notes text,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, user_id) REFERENCES users (company_id, id),
    FOREIGN KEY (company_id, availability_id) REFERENCES availabilities (company_id, id)
);
CREATE UNIQUE INDEX meeting_types_by_slug ON meeting_types (company_id, user_id, slug) WHERE deleted_at IS NULL;

CREATE TABLE appointments (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    meeting_type_id uuid NOT NULL,
    uid text NOT NULL,                            -- iCalendar UID
    sequence integer NOT NULL DEFAULT 0,          -- iCalendar SEQUENCE
    version integer NOT NULL DEFAULT 1,           -- grows with every write; the ETag
    status text NOT NULL CHECK (status IN ('tentative', 'confirmed', 'cancelled')),
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    host_ids uuid[] NOT NULL CHECK (cardinality(host_ids) > 0),
    meeting_info jsonb NOT NULL,
    crm_options jsonb NOT NULL DEFAULT '{}',
    metadata jsonb NOT NULL DEFAULT '{}',
    ics text NOT NULL,
    ics_title text,
    ics_description text,
    location text,
    meeting_link text,
    note text,
    transcription text,
    summary text,
    payment_id text,
    reschedule_count integer NOT NULL DEFAULT 0,
    cancelled_at timestamptz,
    cancelled_by text,
    cancel_source text,
    cancel_reason text,
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    rescheduled_at timestamptz,
    stamped_at timestamptz NOT NULL,              -- iCalendar DTSTAMP of the ICS
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, meeting_type_id) REFERENCES meeting_types (company_id, id),
    CHECK (start_at < end_at)
);
CREATE INDEX appointments_by_start ON appointments (company_id, start_at);
CREATE INDEX appointments_by_host ON appointments USING gin (host_ids);

CREATE TABLE attendees (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    email text,
    fullname text,
    firstname text,
    lastname text,
    phone text,
    bringalong_emails text[] NOT NULL DEFAULT '{}',
    notes jsonb NOT NULL DEFAULT '{}',
    receive_reminders boolean NOT NULL DEFAULT true,
    language text NOT NULL,
    timezone text NOT NULL,
    no_show boolean NOT NULL DEFAULT false,
    data_policy_accepted boolean NOT NULL DEFAULT false,
    double_opt_in text NOT NULL DEFAULT 'notRequired' CHECK (double_opt_in IN ('pending', 'confirmed', 'notRequired')),
    created_at timestamptz NOT NULL,
    updated_at timestamptz NOT NULL,
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id)
);
CREATE INDEX attendees_by_appointment ON attendees (company_id, appointment_id);

-- What blocks a host: appointments (tentative ones included) and holds. Overriding moves are not exclusive, and are seen by
-- every later check all the same. Buffers and limits are kept by the check under the host's lock; overlap also by this constraint.
CREATE TABLE blocked_times (
    company_id uuid NOT NULL,
    host_id uuid NOT NULL,
    source text NOT NULL CHECK (source IN ('appointment', 'hold')),
    source_id uuid NOT NULL,
    meeting_type_id uuid NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    buffer_before integer NOT NULL DEFAULT 0,     -- minutes
    buffer_after integer NOT NULL DEFAULT 0,
    exclusive boolean NOT NULL DEFAULT true,
    expires_at timestamptz,                       -- of holds
    PRIMARY KEY (company_id, host_id, source_id),
    FOREIGN KEY (company_id, host_id) REFERENCES users (company_id, id),
    CHECK (start_at < end_at AND end_at - start_at <= interval '24 hours'),
    CONSTRAINT no_host_twice EXCLUDE USING gist (
        company_id WITH =, host_id WITH =, tstzrange(start_at, end_at) WITH &&
    ) WHERE (exclusive)
);
CREATE INDEX blocked_times_by_start ON blocked_times (company_id, host_id, start_at);
CREATE INDEX blocked_times_by_source ON blocked_times (company_id, source_id);

CREATE TABLE connections (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    user_id uuid,                                 -- null: the whole company's
    provider text NOT NULL,
    kind text NOT NULL CHECK (kind IN ('calendar', 'crm', 'meeting_link')),
    settings jsonb NOT NULL DEFAULT '{}',
    credentials bytea,                            -- encrypted JSON
    writes boolean NOT NULL DEFAULT true,         -- calendars: new events are made here
    reads_busy boolean NOT NULL DEFAULT true,
    broken_at timestamptz,
    busy_read_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE INDEX connections_by_user ON connections (company_id, user_id) WHERE deleted_at IS NULL;

CREATE TABLE external_busy_times (
    company_id uuid NOT NULL,
    user_id uuid NOT NULL,
    connection_id uuid NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    uid text,
    FOREIGN KEY (company_id, connection_id) REFERENCES connections (company_id, id),
    CHECK (start_at < end_at)
);
CREATE INDEX external_busy_times_by_user ON external_busy_times USING gist (company_id, user_id, tstzrange(start_at, end_at));
CREATE INDEX external_busy_times_by_connection ON external_busy_times (company_id, connection_id);

-- Where our objects live outside. A row without external_id says where one is to be made.
CREATE TABLE external_refs (
    company_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    provider text NOT NULL,
    connection_id uuid,                           -- null: the internal CRM
    user_id uuid,
    record text NOT NULL,                         -- event, meeting, contact, activity, deal …
    external_id text,
    container text,
    etag text,
    updated_at timestamptz NOT NULL DEFAULT now(),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id),
    UNIQUE NULLS NOT DISTINCT (company_id, appointment_id, provider, connection_id, record)
);

CREATE TABLE changes (
    company_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    sequence integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('booked', 'rescheduled', 'cancelled')),
    at timestamptz NOT NULL,
    actor jsonb NOT NULL,
    through text NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    previous_start timestamptz,
    previous_end timestamptz,
    reason text,
    overridden text[] NOT NULL DEFAULT '{}',
    notify text NOT NULL DEFAULT 'all' CHECK (notify IN ('all', 'none', 'hosts', 'attendees')),
    planned_at timestamptz,                       -- when its effects were fanned out
    PRIMARY KEY (company_id, appointment_id, sequence),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id)
);

CREATE TABLE effects (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    sequence integer NOT NULL,
    kind text NOT NULL CHECK (kind IN ('email', 'reminder', 'calendar', 'meeting_link', 'crm', 'webhook')),
    target text NOT NULL,
    detail jsonb NOT NULL DEFAULT '{}',
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'retrying', 'needs_person', 'superseded')),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    error_code text,
    next_attempt_at timestamptz,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, appointment_id, sequence, kind, target),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id)
);
CREATE INDEX effects_that_need_a_person ON effects (company_id, appointment_id) WHERE state = 'needs_person';

CREATE TABLE reminders (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    sequence integer NOT NULL,
    minutes_before integer NOT NULL,
    due_at timestamptz NOT NULL,
    state text NOT NULL DEFAULT 'planned' CHECK (state IN ('planned', 'sent', 'dropped')),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id)
);
CREATE INDEX reminders_by_appointment ON reminders (company_id, appointment_id) WHERE state = 'planned';
CREATE INDEX reminders_due ON reminders (due_at) WHERE state = 'planned';

CREATE TABLE webhook_endpoints (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    endpoint text NOT NULL,
    event_types text[] NOT NULL,
    description text,
    secret bytea NOT NULL,                        -- encrypted; Standard Webhooks' whsec_…
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);

CREATE TABLE idempotency_records (
    company_id uuid NOT NULL,
    caller text NOT NULL,                         -- the credential's owner: keys of two callers never meet
    key text NOT NULL,
    fingerprint bytea NOT NULL,                   -- sha-256 of method, path and body
    status integer NOT NULL,
    headers jsonb NOT NULL,
    body bytea NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, caller, key)
);
CREATE INDEX idempotency_records_by_age ON idempotency_records (created_at);

-- The internal CRM.
CREATE TABLE crm_contacts (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    email text,
    first_name text,
    last_name text,
    phone_number text,
    language text,
    account_owner_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX crm_contacts_by_email ON crm_contacts (company_id, lower(email)) WHERE deleted_at IS NULL;

CREATE TABLE crm_activities (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    title text NOT NULL,
    start_at timestamptz NOT NULL,
    end_at timestamptz NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('scheduled', 'rescheduled', 'cancelled')),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, contact_id, appointment_id),
    FOREIGN KEY (company_id, contact_id) REFERENCES crm_contacts (company_id, id),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id)
);

-- Procrastinate looks for earlier jobs of the same lock at each fetch; its own index does not start with the lock.
CREATE INDEX procrastinate_jobs_waiting_by_lock ON procrastinate_jobs (lock, id) WHERE status IN ('todo', 'doing');

-- A mailed link names its attendee and nothing else.
CREATE INDEX attendees_by_id ON attendees (id);
