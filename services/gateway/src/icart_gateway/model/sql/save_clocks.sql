-- $1: the rows as JSON, as they are after the batch.
insert into clock (id, authority, rule, owner, subject, state, counted_from, due_at, sum, warned, breached_at, met_at, late,
            reason)
select id, authority, rule, owner, subject, state, counted_from, due_at, sum, warned, breached_at, met_at, late,
       reason
from jsonb_populate_recordset(null::clock, $1::jsonb)
on conflict (id) do update set
    authority = excluded.authority, rule = excluded.rule, owner = excluded.owner, subject = excluded.subject, state =
    excluded.state, counted_from = excluded.counted_from, due_at = excluded.due_at, sum = excluded.sum, warned =
    excluded.warned, breached_at = excluded.breached_at, met_at = excluded.met_at, late = excluded.late, reason =
    excluded.reason
