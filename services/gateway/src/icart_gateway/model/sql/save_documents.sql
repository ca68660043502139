-- $1: the rows as JSON, as they are after the batch.
insert into document (id, authority, submission, attachment, state, kind, size, sha256, reason, about, at)
select id, authority, submission, attachment, state, kind, size, sha256, reason, about, at
from jsonb_populate_recordset(null::document, $1::jsonb)
on conflict (id) do update set
    authority = excluded.authority, submission = excluded.submission, attachment = excluded.attachment, state =
    excluded.state, kind = excluded.kind, size = excluded.size, sha256 = excluded.sha256, reason = excluded.reason, about = excluded.about, at =
    excluded.at
