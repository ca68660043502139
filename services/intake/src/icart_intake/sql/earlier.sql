-- The submissions that were taken before with these ids or message ids, with the first of those that repeat.
select s.id, s.agency, s.authority, s.message_id, s.content, f.id as first, f.reference, f.pack_version, f.received_at
from (
    select * from submission where id = any($1::uuid[])
    union
    select submission.* from submission
    join unnest($2::text[], $3::text[], $4::uuid[]) as t (agency, authority, message_id)
        on (submission.agency, submission.authority, submission.message_id) = (t.agency, t.authority, t.message_id)
) s
join submission f on f.id = coalesce(s.first, s.id)
