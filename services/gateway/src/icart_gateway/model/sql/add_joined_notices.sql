-- $1: the rows as JSON. What is read again is there already.
insert into joined_notice (notice, authority, reference, submission, contact)
select notice, authority, reference, submission, contact
from jsonb_populate_recordset(null::joined_notice, $1::jsonb)
on conflict (notice) do nothing
