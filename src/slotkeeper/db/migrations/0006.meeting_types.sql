-- depends: 0002.scheduling
--
-- What a meeting type holds beyond what a booking needed so far, its templates, and links that book it once.

-- What "useCompanySettings" of a meeting type means.
ALTER TABLE companies
    ADD COLUMN double_opt_in text NOT NULL DEFAULT 'disabled' CHECK (double_opt_in IN ('enabled', 'disabled')),
    ADD COLUMN require_host_confirmation text NOT NULL DEFAULT 'disabled'
        CHECK (require_host_confirmation IN ('enabled', 'disabled'));

ALTER TABLE meeting_types
    ADD COLUMN workspace_id uuid,
    ADD COLUMN created_by uuid,                           -- null: its owner
    ADD COLUMN is_global_queue boolean NOT NULL DEFAULT false,
    ADD COLUMN translations jsonb NOT NULL DEFAULT '{}',  -- {"name": {"de": …}, "description": {…}}; meeting_info has the one shown
    ADD COLUMN resource_channels jsonb NOT NULL DEFAULT '[]',
    ADD COLUMN rescheduling_policy jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN cancellation_policy jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN booking_password_hash text,                -- Argon2id, as a PHC string
    ADD FOREIGN KEY (company_id, created_by) REFERENCES users (company_id, id);

-- An exception of one schedule only; null: of its owner, whatever the schedule.
ALTER TABLE availability_exceptions
    ADD COLUMN availability_id uuid,
    ADD FOREIGN KEY (company_id, availability_id) REFERENCES availabilities (company_id, id);

CREATE TABLE meeting_type_templates (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    created_by uuid NOT NULL,
    meeting_info jsonb NOT NULL,
    meeting_options jsonb NOT NULL,
    translations jsonb NOT NULL,
    spots integer NOT NULL CHECK (spots BETWEEN 1 AND 100),
    locations text[] NOT NULL,
    template_type text NOT NULL,
    queue_type text,
    created_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, created_by) REFERENCES users (company_id, id)
);

CREATE TABLE one_time_links (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    meeting_type_id uuid NOT NULL,
    token_hash bytea NOT NULL,                            -- sha-256 of a random token
    created_by uuid NOT NULL,
    created_at timestamptz NOT NULL,
    expires_at timestamptz,
    used_at timestamptz,
    appointment_id uuid,                                  -- what was booked with it
    revoked_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, meeting_type_id) REFERENCES meeting_types (company_id, id),
    FOREIGN KEY (company_id, created_by) REFERENCES users (company_id, id),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id)
);
CREATE INDEX one_time_links_by_meeting_type ON one_time_links (company_id, meeting_type_id);
-- A mailed link names no company.
CREATE INDEX one_time_links_by_token ON one_time_links (token_hash);
