-- $1: the rows as JSON. What is read again is there already.
insert into meanwhile (because, version, kind, id, authority, reference, submission, at, person, look)
select because, version, kind, id, authority, reference, submission, at, person, look
from jsonb_populate_recordset(null::meanwhile, $1::jsonb)
on conflict do nothing
