-- $1: the contact, $2: the authority, whose it has to be.
select told.at, told.type, told.body
from told join contact on contact.id = told.contact
where told.contact = $1 and contact.authority = $2
