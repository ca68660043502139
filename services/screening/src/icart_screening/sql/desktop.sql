-- $1: authority, $2: desktops, $3: now, $4: how many, $5: the authority's chain of decision. What lies on desktops: on top that
-- for which nobody who could decide is there (SC-16), then the clock that is due first.
select c.id, c.state ->> 'reference' as reference, c.desktop, c.strand, c.state ->> 'urgency' as urgency, c.worker,
       c.received_at, own.rule, own.due_at, coalesce(own.due_at <= $3, false) as late, coalesce(own.overdue, 0) as overdue,
       coalesce(beside.undertakings, '[]')::text as undertakings,
       coalesce((chain.body -> 'waiting' -> c.id::text ->> 'nobody')::boolean, false) as nobody_there
from contact c
left join undertaking chain on chain.id = $5
left join lateral (
    select min(due_at) as due_at, (array_agg(rule order by due_at, rule))[1] as rule,
           count(*) filter (where due_at <= $3) as overdue
    from contact_clock where contact = c.id and state in ('running', 'breached')
) own on true
left join lateral (
    select min(next.due_at) as due_at,
           jsonb_agg(jsonb_build_object('undertaking', u.id, 'kind', u.kind, 'state', u.state, 'rule', next.rule,
                                        'due_at', next.due_at, 'late', coalesce(next.due_at <= $3, false))
                     order by next.due_at nulls last, u.begun_at, u.id) as undertakings
    from undertaking u
    left join lateral (
        select due_at, rule from contact_clock
        where contact = u.id and state in ('running', 'breached') order by due_at limit 1
    ) next on true
    where u.contact = c.id and u.open
) beside on true
where c.authority = $1 and c.desktop = any($2::text[]) and c.status = 'open'
order by nobody_there desc, least(own.due_at, beside.due_at) nulls last, c.received_at, c.id
limit $4
