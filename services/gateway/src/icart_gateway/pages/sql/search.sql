-- $1: authority, $2: reference, $3: how the family name begins, $4: given name, $5: born, $6: postcode without spaces, $7: the most.
-- One branch is read, by an index of its own: what narrows the most comes first. A name's beginning is a range of its key, which
-- row-level security leaves to the index. A reference is a contact's own or its referrer's: of what they sent, or of their notice of
-- what another had told; or that of a question to an agency. What came under another sender's notice is found by its contact.
with sent as (
    select id from submission where authority = $1 and reference = $2
), known_by as (
    select contact from arrival where authority = $1 and reference = $2
    union
    select origin from contact where authority = $1 and reference = $2
    union
    select contact from arrival where submission in (select id from sent)
    union
    select coalesce(contact.origin, joined_notice.contact)
    from joined_notice left join contact on contact.id = joined_notice.contact
    where joined_notice.notice in (
        select notice from joined_notice where authority = $1 and reference = $2
        union
        select notice from joined_notice where submission in (select id from sent))
    union
    select coalesce(contact.origin, question.contact)
    from question left join contact on contact.id = question.contact
    where question.authority = $1 and question.reference = $2
), found as (
    select arrival.* from known_by join arrival on arrival.contact = known_by.contact where arrival.authority = $1
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
       contact.outcome, contact.worker, coalesce(contact.gaps, 0) as gaps
from found left join contact on contact.origin = found.contact left join about on about.contact = found.contact
order by coalesce(contact.open, true) desc, found.received_at desc, id
limit $7
