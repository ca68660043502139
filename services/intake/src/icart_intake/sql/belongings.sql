-- The contacts and redirections of these people, each at the time of the mention that it is about; a contact that screening
-- opened from another (SC-9) goes with that one, and the referral that a contact became (SC-11) at the time of that decision.
with recursive own as (
    select c.id, c.reference, c.submission, coalesce(m.at, c.received_at) as at, c.mention, c.person
    from contact c left join mention m on m.id = c.mention
    where c.person = any($1::uuid[])
    union all
    select e.successor, own.reference, own.submission, e.at, own.mention, own.person
    from own join ending e on e.contact = own.id
    where e.successor is not null
)
select 'contact' as kind, id, reference, submission, at, mention, person from own
union all
select 'redirection', r.id, r.reference, r.submission, r.at, r.mention, m.person
from mention m join redirection r on r.mention = m.id
where m.person = any($1::uuid[])
union all
select 'referral', e.referral, own.reference, own.submission, e.at, own.mention, own.person
from own join ending e on e.contact = own.id
where e.referral is not null
