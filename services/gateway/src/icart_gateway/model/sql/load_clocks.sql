select id, authority, rule, owner, subject, state, counted_from, due_at, sum, warned, breached_at, met_at, late,
       reason
from clock where id = any($1::uuid[]) order by id for update
