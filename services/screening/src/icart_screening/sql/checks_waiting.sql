-- The checks of a worker's open contacts that wait for an answer: what is late first, then what is due next.
-- $1: authority, $2: worker.
select u.id, u.contact, u.body ->> 'name' as name, u.body ->> 'agency' as agency, u.version, u.begun_at, k.due_at,
       coalesce(k.late, false) as late
from contact c
join undertaking u on u.contact = c.id and u.open and u.kind = 'check'
left join lateral (
    select min(due_at) as due_at, bool_or(state = 'breached') as late
    from contact_clock where contact = u.id and state in ('running', 'breached')
) k on true
where c.status = 'open' and c.worker = $2 and c.authority = $1
order by late desc, k.due_at, u.id
