-- The full loads that a batch speaks of, and those of its feeds whose end is awaited. Those that have ended, or end now, are counted.
select l.authority, l.load, l.agency, l.heard_at, l.as_of, l.said, l.state, l.accepts_fewer,
       case when l.said is not null and l.state <> 'complete' or l.load = any($4::uuid[]) then (
           select count(*) from full_load_person p where (p.authority, p.load) = (l.authority, l.load)
       ) else 0 end as named
from full_load l
where (l.authority, l.load) in (select * from unnest($2::text[], $3::uuid[]))
   or l.authority = any($1::text[]) and l.said is null and l.state is null
