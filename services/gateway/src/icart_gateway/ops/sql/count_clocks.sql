-- $1: the authority. The clocks that run or stand still now, by rule.
select rule, count(*) filter (where state = 'running' and breached_at is null) as running,
       count(*) filter (where state = 'paused') as paused,
       count(*) filter (where warned is not null and breached_at is null) as warned,
       count(*) filter (where breached_at is not null) as breached, min(due_at) filter (where state = 'running') as next_due
from clock where authority = $1 and state in ('running', 'paused') group by rule order by rule
