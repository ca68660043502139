-- Joined notices, locked.
select id, contact, person, submission, sender, received_at, happened, concerns, told::text, opened
from joined_notice where id = any($1::uuid[]) order by id for update
