-- $1: person, $2: name, $3 and $4: authorities and the roles in them, $5: now.
insert into staff (authority, person, name, roles, seen_at)
select authority, $1, $2, array_agg(role order by role), $5
from unnest($3::text[], $4::text[]) as post (authority, role) group by authority order by authority
on conflict (authority, person) do update set name = excluded.name, roles = excluded.roles, seen_at = excluded.seen_at
