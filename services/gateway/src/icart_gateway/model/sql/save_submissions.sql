-- $1: the rows as JSON, as they are after the batch.
insert into submission (id, authority, reference, agency, received_at, state, asked, missing, tools, call_police_now)
select id, authority, reference, agency, received_at, state, asked, missing, tools, call_police_now
from jsonb_populate_recordset(null::submission, $1::jsonb)
on conflict (id) do update set
    reference = excluded.reference, state = excluded.state, asked = excluded.asked, missing = excluded.missing,
    tools = excluded.tools, call_police_now = excluded.call_police_now
