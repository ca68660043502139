-- $1: authority, $2: ids of contacts, $3: references. Each with the child whom it is about now.
select contact.id, contact.reference, about.person as child
from contact left join about on about.contact = contact.origin
where contact.authority = $1 and (contact.id = any($2::uuid[]) or contact.reference = any($3::text[]))
