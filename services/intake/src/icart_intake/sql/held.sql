-- The people of the case system with these numbers, locked.
select id, authority, number, as_of, facts, standing, '{}'::uuid[] as contacts
from person
join unnest($1::text[], $2::text[]) as t (authority, number) using (authority, number)
order by id
for update of person
