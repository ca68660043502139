-- Clocks of a partition that were counted on a calendar that has changed. What somebody else holds just now is left to them.
select id, partition, authority, pack_version, rule, owner, subject, correlation, received_at, counted_from, due_at, sum,
       warns_at, fractions, counted_on, warned, breached, state, paused_at, pauses, ended_at
from clock where partition = $1 and ended_at is null and counted_on <> all($2::text[])
limit $3 for update skip locked
