-- What is due on each partition up to its horizon, the earliest first. What somebody else holds just now is left to them.
select clock.* from unnest($1::integer[], $2::timestamptz[]) as served (partition, horizon)
cross join lateral (
    select id, partition, authority, pack_version, rule, owner, subject, correlation, received_at, counted_from, due_at, sum,
           warns_at, fractions, counted_on, warned, breached, state, paused_at, pauses, ended_at
    from clock where partition = served.partition and next_at <= served.horizon
    order by next_at limit $3 for update skip locked
) as clock
