select id, partition, authority, pack_version, rule, owner, subject, correlation, received_at, counted_from, due_at, sum,
       warns_at, fractions, counted_on, warned, breached, state, paused_at, pauses, ended_at
from clock where id = any($1::uuid[]) order by id for update
