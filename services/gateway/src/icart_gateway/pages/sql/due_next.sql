-- $1: what is timed, $2: authority.
select min(due_at) from clock where subject = $1 and authority = $2 and state in ('running', 'paused')
