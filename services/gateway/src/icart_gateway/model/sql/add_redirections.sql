-- $1: the rows as JSON. What is read again is there already.
insert into redirection (id, authority, submission, person, given_name, family_name, worker, team)
select id, authority, submission, person, given_name, family_name, worker, team
from jsonb_populate_recordset(null::redirection, $1::jsonb)
on conflict (id) do nothing
