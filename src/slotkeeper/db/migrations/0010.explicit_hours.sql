-- depends: 0009.announcements
--
-- Events whose title a schedule names say when its owner works (docs/decisions/0044). Other titles are not kept.

ALTER TABLE external_busy_times
    ADD COLUMN blocks boolean NOT NULL DEFAULT true, -- false: it shows its owner as free, and is kept for its title
    ADD COLUMN title text;
