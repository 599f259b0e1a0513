-- depends: 0008.rate_limits
--
-- Webhooks that tell of no appointment: somebody joined the company, an account stopped working (docs/decisions/0062).

CREATE TABLE announcements (
    company_id uuid NOT NULL,
    id uuid NOT NULL,                             -- the webhook-id of every attempt
    endpoint_id uuid NOT NULL,
    webhook_type text NOT NULL,
    body text NOT NULL,                           -- the exact bytes of every attempt
    state text NOT NULL DEFAULT 'pending' CHECK (state IN ('pending', 'done', 'retrying', 'needs_person')),
    attempts integer NOT NULL DEFAULT 0,
    last_error text,
    created_at timestamptz NOT NULL DEFAULT now(),
    done_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, endpoint_id) REFERENCES webhook_endpoints (company_id, id)
);
