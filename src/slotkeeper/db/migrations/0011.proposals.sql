-- depends: 0010.explicit_hours
--
-- Other times that one side offers. What is offered, by whom and what became of it stands in the history; a proposal is
-- open as long as no later change has ended it (docs/decisions/0094).

ALTER TABLE changes
    ADD COLUMN proposal_id uuid;                  -- of a proposal, its answer, and the move that accepted it

CREATE TABLE proposals (
    company_id uuid NOT NULL,
    id uuid NOT NULL,
    appointment_id uuid NOT NULL,
    sequence integer NOT NULL,                    -- of the change that it is
    overrides text[] NOT NULL DEFAULT '{}',       -- what its host set aside
    occupied timestamptz[] NOT NULL DEFAULT '{}', -- its starts that were taken already, and offered all the same
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, appointment_id, sequence),
    FOREIGN KEY (company_id, appointment_id, sequence) REFERENCES changes (company_id, appointment_id, sequence)
);
