-- depends: 0002.scheduling
--
-- When a caller last used a route that may be used so many times in so long. Requests without a caller have the nil UUID
-- for their company. Losing the table to a crash loses nothing but a few minutes' counts.

CREATE UNLOGGED TABLE rate_limits (
    company_id uuid NOT NULL,
    who text NOT NULL,                            -- a user's id, or an address
    route text NOT NULL,
    taken timestamptz[] NOT NULL,                 -- oldest first; what was refused is not among them
    refused boolean NOT NULL,                     -- the last request
    forget_at timestamptz NOT NULL,
    PRIMARY KEY (company_id, who, route)
) WITH (fillfactor = 50);
CREATE INDEX rate_limits_to_forget ON rate_limits (forget_at);
