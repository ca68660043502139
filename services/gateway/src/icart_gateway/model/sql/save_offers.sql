-- $1: the rows as JSON, as they are after the batch.
insert into offer (id, authority, version, state, one, other, score, words, bits, contacts, offered_at, decided_by, reason,
            at)
select id, authority, version, state, one, other, score, words, bits, contacts, offered_at, decided_by, reason, at
from jsonb_populate_recordset(null::offer, $1::jsonb)
on conflict (id) do update set
    authority = excluded.authority, version = excluded.version, state = excluded.state, one = excluded.one, other =
    excluded.other, score = excluded.score, words = excluded.words, bits = excluded.bits, contacts =
    excluded.contacts, offered_at = excluded.offered_at, decided_by = excluded.decided_by, reason = excluded.reason,
    at = excluded.at
