-- $1: authority, $2: the most. The longest waiting first, each with when its answer is due.
select id, agency, kind, reference, received_at, state, cardinality(people) as people,
       (select min(due_at) from clock
        where clock.authority = $1 and subject = statutory_notice.id and clock.state in ('running', 'paused')) as due_at
from statutory_notice where authority = $1 and state <> 'answered' order by received_at, id limit $2
