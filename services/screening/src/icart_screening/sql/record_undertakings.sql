-- $1: a contact. All that happened to its undertakings.
select e.type, e.body::text
from undertaking u join undertaking_event e on e.undertaking = u.id
where u.contact = $1
order by u.begun_at, u.id, e.version, e.ordinal
