-- $1: a contact. Its log, after those of the contacts that it followed from, the first one's first.
with recursive chain as (
    select $1::uuid as contact, 0 as back
    union all
    select (e.body ->> 'first')::uuid, chain.back + 1
    from chain join contact_event e on e.contact = chain.contact and e.version = 1 and e.type = 'icart.screening.stepped.v1'
)
select e.contact, e.type, e.body::text
from chain join contact_event e on e.contact = chain.contact
order by chain.back desc, e.version, e.ordinal
