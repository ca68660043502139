select id, authority, version, submission, person, contacts, moved_from, moved_by, reason, at
from mention where id = any($1::uuid[]) order by id for update
