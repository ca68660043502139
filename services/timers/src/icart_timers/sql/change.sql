with changed as (
    update clock set
        counted_from = new.counted_from, due_at = new.due_at, sum = new.sum, warns_at = new.warns_at,
        counted_on = new.counted_on, warned = new.warned, breached = new.breached, state = new.state,
        paused_at = new.paused_at, pauses = new.pauses, ended_at = new.ended_at, next_at = new.next_at
    from unnest($1::clock[]) as new
    where clock.id = new.id
    returning 1
)
select pg_notify('clocks', '') from changed limit 1
