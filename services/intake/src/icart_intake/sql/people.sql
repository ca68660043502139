select id, authority, number, as_of, facts, standing,
       array(select c.id from contact c where c.person = person.id order by c.received_at desc, c.id desc limit $2) as contacts
from person where id = any($1::uuid[])
