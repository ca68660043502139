-- A later submission of one batch takes over a content whose first is more than a day older.
update content set submission = t.submission, reference = t.reference, pack_version = t.pack_version,
    received_at = t.received_at
from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::timestamptz[])
    as t (digest, submission, reference, pack_version, received_at)
where content.digest = t.digest
