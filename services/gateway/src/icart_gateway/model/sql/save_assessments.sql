-- $1: the rows as JSON, as they are after the batch.
insert into assessment (id, authority, agency, pack_version, grade, received_at, children, missing, version, state,
            secondary_needed, proposed_for, proposed_routes, proposed_as, because, marac, assessed_by, reason, at)
select id, authority, agency, pack_version, grade, received_at, children, missing, version, state, secondary_needed, proposed_for,
       proposed_routes, proposed_as, because, marac, assessed_by, reason, at
from jsonb_populate_recordset(null::assessment, $1::jsonb)
on conflict (id) do update set
    version = excluded.version, state = excluded.state, secondary_needed = excluded.secondary_needed,
    proposed_for = excluded.proposed_for, proposed_routes = excluded.proposed_routes, proposed_as = excluded.proposed_as,
    because = excluded.because, marac = excluded.marac, assessed_by = excluded.assessed_by, reason = excluded.reason,
    at = excluded.at
