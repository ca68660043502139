-- The night team's submissions, locked: a repeat stands for the first.
select s.id as asked, f.id, f.agency, f.authority, f.pack_version, f.received_at, f.clocks, f.record_due, f.completed_by
from submission s join submission f on f.id = coalesce(s.first, s.id)
where s.id = any($1::uuid[])
order by f.id
for update of f
