-- $1: the authority. What is open now, by the desktop that it lies on.
select coalesce(desktop, '') as desktop, count(*) as contacts, min(received_at) as oldest,
       percentile_disc(0.5) within group (order by received_at) as middle
from contact where authority = $1 and open group by desktop
