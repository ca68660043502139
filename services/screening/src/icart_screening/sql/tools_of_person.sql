-- The screening tools of a child, across contacts, the newest first: whomever a contact is about now, its tools are of them.
select u.id, u.contact, u.body::text
from contact c
join undertaking u on u.contact = c.id and u.kind = 'screening-tool'
where c.authority = $1 and ((c.state #>> '{arrival,child,person}')::uuid) = $2
order by u.begun_at desc, u.id desc
