-- $1: people, $2: contacts, $3: the authority. What was told at the door about the people, now or when it came, or of the contacts,
-- the newest first.
select arrival.contact, arrival.reference, about.person, arrival.person as came_about, arrival.received_at,
       arrival.body -> 'child' as child
from arrival join about on about.contact = arrival.contact
where arrival.authority = $3 and arrival.contact in (
    select contact from about where person = any($1::uuid[])
    union all select contact from arrival where person = any($1::uuid[])
    union all select unnest($2::uuid[]))
order by arrival.received_at desc, arrival.contact
