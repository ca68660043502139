-- $1: the rows as JSON, as they are after the batch.
insert into statutory_notice (id, authority, agency, pack_version, kind, reference, received_at, about, on_day, people, given_names,
            family_names, born, addresses, version, state, refs, services, open_cases, leads, answered_by, answered_at)
select id, authority, agency, pack_version, kind, reference, received_at, about, on_day, people, given_names, family_names, born,
       addresses, version, state, refs, services, open_cases, leads, answered_by, answered_at
from jsonb_populate_recordset(null::statutory_notice, $1::jsonb)
on conflict (id) do update set
    version = excluded.version, state = excluded.state, refs = excluded.refs, services = excluded.services,
    open_cases = excluded.open_cases, leads = excluded.leads, answered_by = excluded.answered_by,
    answered_at = excluded.answered_at
