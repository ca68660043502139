-- What the night team still owes an authority, the oldest first (ED-4). $1: authority.
select id, reference, pack_version, received_at, clocks
from submission
where authority = $1 and record_due
order by received_at, id
