-- The questions of submissions ($1; a repeat stands for its first), and of the calls about people ($2) whose form may still
-- come at $3, locked in the order of their ids.
select a.state, array(select s.id from submission s where s.first = a.submission and s.id = any($1::uuid[]) order by s.id) as repeats
from asked a
where a.submission = any(
    array(select coalesce(s.first, s.id) from submission s where s.id = any($1::uuid[]))
    || array(select f.submission from form_awaited f where f.person = any($2::uuid[]) and f.until >= $3)
)
order by a.submission
for update
