-- $1: the contact, $2: the authority. What came, also when the contact follows from another, and the
-- child whom it is about now.
select arrival.body, about.person as child
from contact join arrival on arrival.contact = contact.origin join about on about.contact = contact.origin
where contact.id = $1 and contact.authority = $2
