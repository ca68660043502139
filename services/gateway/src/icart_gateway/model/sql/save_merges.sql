-- $1: the rows as JSON, as they are after the batch.
insert into merge (id, authority, version, state, stays, goes, offer, proposed_by, decided_by, reason, note, at)
select id, authority, version, state, stays, goes, offer, proposed_by, decided_by, reason, note, at
from jsonb_populate_recordset(null::merge, $1::jsonb)
on conflict (id) do update set
    authority = excluded.authority, version = excluded.version, state = excluded.state, stays = excluded.stays, goes =
    excluded.goes, offer = excluded.offer, proposed_by = excluded.proposed_by, decided_by = excluded.decided_by,
    reason = excluded.reason, note = excluded.note, at = excluded.at
