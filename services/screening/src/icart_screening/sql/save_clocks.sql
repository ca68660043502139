update contact_clock
set state = said.state, due_at = said.due_at, sum = said.sum, view = said.view
from unnest($1::uuid[], $2::text[], $3::timestamptz[], $4::text[], $5::jsonb[]) as said (clock, state, due_at, sum, view)
where contact_clock.clock = said.clock
