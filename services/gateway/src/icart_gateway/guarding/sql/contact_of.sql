-- $1: authority, $2: the contact's id, or $3: its reference.
select contact.id, contact.reference, arrival.person as child
from contact left join arrival on arrival.contact = contact.origin
where contact.authority = $1 and (contact.id = $2 or contact.reference = $3)
