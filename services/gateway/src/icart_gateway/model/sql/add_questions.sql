-- $1: the rows as JSON. What is read again is there already.
insert into question (check_id, authority, reference, contact)
select check_id, authority, reference, contact
from jsonb_populate_recordset(null::question, $1::jsonb)
on conflict (check_id) do nothing
