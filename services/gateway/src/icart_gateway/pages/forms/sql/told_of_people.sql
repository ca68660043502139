-- $1: people, $2: contacts, $3: the authority. What was told at the door about the people, or of the contacts, the newest first.
select contact, reference, person, received_at, body -> 'child' as child from arrival
where (person = any($1::uuid[]) or contact = any($2::uuid[])) and authority = $3 order by received_at desc, contact
