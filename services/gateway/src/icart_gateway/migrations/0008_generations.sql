-- When a generation had read everything, and when it was dropped: its number is never used again, because its consumer groups
-- have read the topics.
alter table generation add column filled_at timestamptz;
alter table generation add column dropped_at timestamptz;
update generation set filled_at = begun_at where in_force;
