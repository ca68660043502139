-- $1: authority, $2: reference, $3: how the family name begins, $4: given name, $5: born, $6: postcode without spaces, $7: the most.
-- One branch is read, by an index of its own: what narrows the most comes first. A name's beginning is a range of its key, which
-- row-level security leaves to the index. What came under another sender's notice is found by its contact.
with found as (
    select * from arrival where authority = $1 and $2::text is not null and reference = $2
    union all
    select * from arrival
    where authority = $1 and $2::text is null and $6::text is not null and postcode_key = $6
      and ($3::text is null or starts_with(family_key, $3)) and starts_with(given_key, coalesce($4, ''))
      and ($5::date is null or born = $5)
    union all
    select * from arrival
    where authority = $1 and $2::text is null and $6::text is null and $5::date is not null and born = $5
      and family_key >= $3 and family_key < $3 || chr(1114111) and starts_with(given_key, coalesce($4, ''))
    union all
    select * from arrival
    where authority = $1 and $2::text is null and $6::text is null and $5::date is null
      and family_key >= $3 and family_key < $3 || chr(1114111)
      and given_key >= coalesce($4, '') and given_key < coalesce($4, '') || chr(1114111)
    limit $7
)
select coalesce(contact.id, found.contact) as id, coalesce(contact.reference, found.reference) as reference, about.person, found.given_name,
       found.family_name, found.born, found.postcode, found.received_at, coalesce(contact.open, true) as open, contact.desktop,
       contact.outcome, contact.worker
from found left join contact on contact.origin = found.contact left join about on about.contact = found.contact
order by coalesce(contact.open, true) desc, found.received_at desc, id
limit $7
