-- $1: the rows as JSON, as they are after the batch.
insert into undertaking (id, authority, kind, contact, pack_version, version, state, over, begun_at, at)
select id, authority, kind, contact, pack_version, version, state, over, begun_at, at
from jsonb_populate_recordset(null::undertaking, $1::jsonb)
on conflict (id) do update set
    authority = excluded.authority, kind = excluded.kind, contact = excluded.contact, pack_version =
    excluded.pack_version, version = excluded.version, state = excluded.state, over = excluded.over, begun_at =
    excluded.begun_at, at = excluded.at
