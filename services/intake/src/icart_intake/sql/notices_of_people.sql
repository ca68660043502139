-- Notices that are joined, and about these people or in contacts about them; locked.
select id, contact, person, submission, sender, received_at, happened, concerns, told::text, opened
from joined_notice
where id in (
    select n.id from mention m join joined_notice n on n.mention = m.id and n.opened is null where m.person = any($1::uuid[])
    union
    select n.id from contact c join joined_notice n on n.contact = c.id and n.opened is null where c.person = any($1::uuid[])
)
order by id for update
