-- Everybody who was ever said to live at these addresses ($1), at most $2 of each.
select distinct p.id, p.authority, coalesce(p.root, p.id) as stands_for, p.homes::text
from unnest($1::bigint[]) as asked (key)
cross join lateral (select r.person from residence r where r.key = asked.key order by r.person limit $2) near
join person p on p.id = near.person
