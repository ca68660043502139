-- $1: the rows as JSON. What is read again is there already.
insert into told_of_authority (id, undertaking, authority, kind, at, version, type, body)
select id, undertaking, authority, kind, at, version, type, body
from jsonb_populate_recordset(null::told_of_authority, $1::jsonb)
on conflict (id) do nothing
