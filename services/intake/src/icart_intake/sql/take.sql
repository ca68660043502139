-- Takes submissions that are here for the first time, and for each the submission that holds its content now: itself, or
-- an earlier one. What is not returned was taken before. Inserting waits for another instance that inserts the same.
with taken as (
    insert into submission (id, agency, authority, message_id, channel, reference, pack_version, received_at, content)
    select * from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[], $7::text[],
                         $8::timestamptz[], $9::uuid[])
        as t (id, agency, authority, message_id, channel, reference, pack_version, received_at, content)
    order by id
    on conflict do nothing
    returning id, content, reference, pack_version, received_at
), held as (
    insert into content as c (digest, submission, reference, pack_version, received_at)
    select distinct on (content) content, id, reference, pack_version, received_at
    from taken order by content, received_at, id
    on conflict (digest) do update set
        submission = case when c.received_at < excluded.received_at - $10::interval then excluded.submission else c.submission end,
        reference = case when c.received_at < excluded.received_at - $10::interval then excluded.reference else c.reference end,
        pack_version = case when c.received_at < excluded.received_at - $10::interval then excluded.pack_version else c.pack_version end,
        received_at = case when c.received_at < excluded.received_at - $10::interval then excluded.received_at else c.received_at end
    returning digest, submission, reference, pack_version, received_at
)
select taken.id, held.submission as first, held.reference, held.pack_version, held.received_at
from taken join held on held.digest = taken.content
