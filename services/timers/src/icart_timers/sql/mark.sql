update clock set warned = fired.warned, breached = fired.breached, next_at = fired.next_at
from unnest($1::uuid[], $2::integer[], $3::boolean[], $4::timestamptz[]) as fired (id, warned, breached, next_at)
where clock.id = fired.id
