-- $1: the rows as JSON, as they are after the batch.
insert into mention (id, authority, version, submission, person, contacts, moved_from, moved_by, reason, at)
select id, authority, version, submission, person, contacts, moved_from, moved_by, reason, at
from jsonb_populate_recordset(null::mention, $1::jsonb)
on conflict (id) do update set
    version = excluded.version, person = excluded.person, contacts = excluded.contacts, moved_from = excluded.moved_from,
    moved_by = excluded.moved_by, reason = excluded.reason, at = excluded.at
