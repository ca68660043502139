-- $1: the contact, $2: the authority. What came, also when the contact follows from another.
select arrival.body from contact join arrival on arrival.contact = contact.origin
where contact.id = $1 and contact.authority = $2
