-- depends: 0002.scheduling
--
-- The internal CRM whole. company_id is whose data it is, as everywhere; crm_company_id is a company that they sell to.
-- Contacts, companies, deals and pipelines are hidden when they are deleted, and a link to a hidden one is not shown: what
-- happened stays true. Notes, tasks and communications are deleted for good.

CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS btree_gin; -- so that a search by trigrams begins with the company

CREATE TABLE crm_companies (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    name text NOT NULL,
    domain text,                                  -- lower case, without scheme and www.
    industry text,
    size text CHECK (size IN ('1-10', '11-50', '51-200', '201-500', '501-1000', '1001+')),
    website text,
    phone_number text,
    address_line1 text,
    address_line2 text,
    address_city text,
    address_zip text,
    address_country text,
    notes text,
    owner_id uuid,
    custom_fields jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, owner_id) REFERENCES users (company_id, id)
);
CREATE INDEX crm_companies_by_age ON crm_companies (company_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX crm_companies_by_name ON crm_companies (company_id, lower(name), id) WHERE deleted_at IS NULL;
CREATE INDEX crm_companies_by_domain ON crm_companies (company_id, domain) WHERE deleted_at IS NULL;
CREATE INDEX crm_companies_by_words ON crm_companies USING gin (company_id, name gin_trgm_ops) WHERE deleted_at IS NULL;

ALTER TABLE crm_contacts
    ADD COLUMN tags text[] NOT NULL DEFAULT '{}',
    ADD COLUMN notes text,
    ADD COLUMN crm_company_id uuid,
    ADD COLUMN address jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN title text,
    ADD COLUMN employer text,
    ADD COLUMN seniority text,
    ADD COLUMN function text,
    ADD COLUMN location text,
    ADD COLUMN additional_data jsonb NOT NULL DEFAULT '{}',
    ADD COLUMN words text NOT NULL GENERATED ALWAYS AS ( -- what a search looks through
        coalesce(first_name, '') || ' ' || coalesce(last_name, '') || ' ' || coalesce(email, '') || ' '
        || coalesce(phone_number, '') || ' ' || coalesce(regexp_replace(phone_number, '\D', '', 'g'), '')
    ) STORED,
    ADD FOREIGN KEY (company_id, crm_company_id) REFERENCES crm_companies (company_id, id);
CREATE INDEX crm_contacts_by_age ON crm_contacts (company_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX crm_contacts_by_first_name ON crm_contacts (company_id, lower(first_name), id) WHERE deleted_at IS NULL;
CREATE INDEX crm_contacts_by_last_name ON crm_contacts (company_id, lower(last_name), id) WHERE deleted_at IS NULL;
CREATE INDEX crm_contacts_by_owner ON crm_contacts (company_id, account_owner_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX crm_contacts_by_company ON crm_contacts (company_id, crm_company_id) WHERE deleted_at IS NULL;
CREATE INDEX crm_contacts_by_words ON crm_contacts USING gin (company_id, words gin_trgm_ops) WHERE deleted_at IS NULL;
CREATE INDEX crm_contacts_by_tag ON crm_contacts USING gin (company_id, tags) WHERE deleted_at IS NULL;

-- Which attendee a contact was: their answers to the booking's questions hang on it.
ALTER TABLE crm_activities ADD COLUMN attendee_id uuid;
CREATE INDEX crm_activities_by_appointment ON crm_activities (company_id, appointment_id);
UPDATE crm_activities a SET attendee_id = substr(r.record, 10)::uuid
FROM external_refs r
WHERE r.company_id = a.company_id AND r.appointment_id = a.appointment_id AND r.provider = 'internal'
    AND r.record LIKE 'activity:%' AND r.external_id = a.id::text;

CREATE TABLE crm_pipelines (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    name text NOT NULL,
    is_default boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX crm_pipelines_default ON crm_pipelines (company_id) WHERE is_default AND deleted_at IS NULL;

-- Whoever changes the stages of a pipeline locks its row; a deal that enters a stage shares that lock.
CREATE TABLE crm_stages (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    pipeline_id uuid NOT NULL,
    name text NOT NULL,
    color text NOT NULL,
    position integer NOT NULL,                    -- from 0, without gaps
    is_won boolean NOT NULL DEFAULT false,
    is_lost boolean NOT NULL DEFAULT false,
    win_probability double precision CHECK (win_probability BETWEEN 0 AND 100), -- percent
    rotting_days integer CHECK (rotting_days > 0),
    required_custom_fields text[] NOT NULL DEFAULT '{}',
    sales_milestone text CHECK (sales_milestone IN ('start', 'demo', 'offer')),
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, pipeline_id, id),
    FOREIGN KEY (company_id, pipeline_id) REFERENCES crm_pipelines (company_id, id),
    CHECK (NOT (is_won AND is_lost))
);

CREATE TABLE crm_deals (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    name text NOT NULL,
    value numeric CHECK (value >= 0),
    currency text NOT NULL DEFAULT 'EUR',
    expected_close_date date,
    notes text,
    crm_company_id uuid,
    pipeline_id uuid NOT NULL,
    stage_id uuid NOT NULL,
    owner_id uuid,
    custom_fields jsonb NOT NULL DEFAULT '{}',
    lost_reason text,
    lost_reason_note text,
    won_at timestamptz,
    lost_at timestamptz,
    entered_stage_at timestamptz NOT NULL DEFAULT now(),
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    deleted_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, pipeline_id, stage_id) REFERENCES crm_stages (company_id, pipeline_id, id),
    FOREIGN KEY (company_id, crm_company_id) REFERENCES crm_companies (company_id, id),
    FOREIGN KEY (company_id, owner_id) REFERENCES users (company_id, id),
    CHECK (won_at IS NULL OR lost_at IS NULL)
);
CREATE INDEX crm_deals_by_age ON crm_deals (company_id, created_at, id) WHERE deleted_at IS NULL;
CREATE INDEX crm_deals_by_stage ON crm_deals (company_id, stage_id);
CREATE INDEX crm_deals_by_pipeline ON crm_deals (company_id, pipeline_id) WHERE deleted_at IS NULL;
CREATE INDEX crm_deals_by_company ON crm_deals (company_id, crm_company_id) WHERE deleted_at IS NULL;
CREATE INDEX crm_deals_by_owner ON crm_deals (company_id, owner_id) WHERE deleted_at IS NULL;
CREATE INDEX crm_deals_by_words ON crm_deals USING gin (company_id, name gin_trgm_ops) WHERE deleted_at IS NULL;

-- The deal's contact is the primary one of these.
CREATE TABLE crm_deal_contacts (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    deal_id uuid NOT NULL,
    contact_id uuid NOT NULL,
    role text NOT NULL DEFAULT 'other' CHECK (role IN ('primary', 'decision_maker', 'influencer', 'user', 'other')),
    is_primary boolean NOT NULL DEFAULT false,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, deal_id, contact_id),
    FOREIGN KEY (company_id, deal_id) REFERENCES crm_deals (company_id, id),
    FOREIGN KEY (company_id, contact_id) REFERENCES crm_contacts (company_id, id)
);
CREATE UNIQUE INDEX crm_deal_contacts_primary ON crm_deal_contacts (company_id, deal_id) WHERE is_primary;
CREATE INDEX crm_deal_contacts_by_contact ON crm_deal_contacts (company_id, contact_id);

-- An appointment belongs to one deal at most, and a deal may have several.
CREATE TABLE crm_deal_appointments (
    company_id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    deal_id uuid NOT NULL,
    PRIMARY KEY (company_id, appointment_id),
    FOREIGN KEY (company_id, appointment_id) REFERENCES appointments (company_id, id),
    FOREIGN KEY (company_id, deal_id) REFERENCES crm_deals (company_id, id)
);
CREATE INDEX crm_deal_appointments_by_deal ON crm_deal_appointments (company_id, deal_id);

-- What happened to a deal. Names stand beside ids, as stages and people come and go.
CREATE TABLE crm_deal_activities (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    deal_id uuid NOT NULL,
    activity_type text NOT NULL,
    from_stage_id uuid,
    from_stage_name text,
    to_stage_id uuid,
    to_stage_name text,
    changed_by_id uuid,
    changed_by_name text,
    metadata jsonb NOT NULL DEFAULT '{}',
    changed_at timestamptz NOT NULL DEFAULT clock_timestamp(), -- one transaction may write several, in this order
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, deal_id) REFERENCES crm_deals (company_id, id)
);
CREATE INDEX crm_deal_activities_by_deal ON crm_deal_activities (company_id, deal_id, changed_at);

CREATE TABLE crm_notes (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    content text NOT NULL,
    is_pinned boolean NOT NULL DEFAULT false,
    deal_id uuid,
    contact_id uuid,
    crm_company_id uuid,
    author_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, deal_id) REFERENCES crm_deals (company_id, id),
    FOREIGN KEY (company_id, contact_id) REFERENCES crm_contacts (company_id, id),
    FOREIGN KEY (company_id, crm_company_id) REFERENCES crm_companies (company_id, id),
    CHECK (num_nonnulls(deal_id, contact_id, crm_company_id) = 1)
);
CREATE INDEX crm_notes_by_deal ON crm_notes (company_id, deal_id);
CREATE INDEX crm_notes_by_contact ON crm_notes (company_id, contact_id);
CREATE INDEX crm_notes_by_company ON crm_notes (company_id, crm_company_id);

CREATE TABLE crm_communications (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    type text NOT NULL CHECK (type IN ('whatsapp', 'email', 'call', 'sms')),
    direction text NOT NULL CHECK (direction IN ('inbound', 'outbound')),
    subject text,
    body text NOT NULL,
    duration_seconds integer CHECK (duration_seconds >= 0),
    outcome text CHECK (outcome IN ('connected', 'no_answer', 'voicemail', 'busy')),
    deal_id uuid,
    contact_id uuid,
    crm_company_id uuid,
    logged_by_id uuid,
    occurred_at timestamptz NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, deal_id) REFERENCES crm_deals (company_id, id),
    FOREIGN KEY (company_id, contact_id) REFERENCES crm_contacts (company_id, id),
    FOREIGN KEY (company_id, crm_company_id) REFERENCES crm_companies (company_id, id),
    CHECK (num_nonnulls(deal_id, contact_id, crm_company_id) = 1)
);
CREATE INDEX crm_communications_by_deal ON crm_communications (company_id, deal_id);
CREATE INDEX crm_communications_by_contact ON crm_communications (company_id, contact_id);
CREATE INDEX crm_communications_by_company ON crm_communications (company_id, crm_company_id);

CREATE TABLE crm_tasks (
    company_id uuid NOT NULL REFERENCES companies (id),
    id uuid NOT NULL,
    title text NOT NULL,
    description text,
    type text NOT NULL CHECK (type IN ('call', 'follow_up', 'email', 'meeting', 'todo')),
    priority text NOT NULL DEFAULT 'medium' CHECK (priority IN ('low', 'medium', 'high')),
    due_at timestamptz NOT NULL,
    reminder_at timestamptz,
    completed_at timestamptz,
    assignee_id uuid,
    deal_id uuid,
    contact_id uuid,
    crm_company_id uuid,
    created_at timestamptz NOT NULL DEFAULT now(),
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, assignee_id) REFERENCES users (company_id, id),
    FOREIGN KEY (company_id, deal_id) REFERENCES crm_deals (company_id, id),
    FOREIGN KEY (company_id, contact_id) REFERENCES crm_contacts (company_id, id),
    FOREIGN KEY (company_id, crm_company_id) REFERENCES crm_companies (company_id, id)
);
CREATE INDEX crm_tasks_by_due ON crm_tasks (company_id, due_at, id);
CREATE INDEX crm_tasks_open ON crm_tasks (company_id, due_at, id) WHERE completed_at IS NULL;
CREATE INDEX crm_tasks_by_deal ON crm_tasks (company_id, deal_id);
CREATE INDEX crm_tasks_by_contact ON crm_tasks (company_id, contact_id);
CREATE INDEX crm_tasks_by_company ON crm_tasks (company_id, crm_company_id);

-- Read and replaced as wholes; what is null was never set, and the defaults hold.
CREATE TABLE crm_settings (
    company_id uuid PRIMARY KEY REFERENCES companies (id),
    deal_fields jsonb,
    company_fields jsonb,
    lost_reasons jsonb,
    lost_reason_required boolean NOT NULL DEFAULT false
);
