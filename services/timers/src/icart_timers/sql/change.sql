with changed as (
    update clock set
        counted_from = new.counted_from, due_at = new.due_at, sum = new.sum, warns_at = new.warns_at::timestamptz[],
        counted_on = new.counted_on, warned = new.warned, breached = new.breached, state = new.state, paused_at = new.paused_at,
        pauses = new.pauses::timestamptz[], ended_at = new.ended_at, next_at = new.next_at
    from unnest($1::uuid[], $2::timestamptz[], $3::timestamptz[], $4::text[], $5::text[], $6::text[], $7::integer[],
                $8::boolean[], $9::text[], $10::timestamptz[], $11::text[], $12::timestamptz[], $13::timestamptz[])
      as new (id, counted_from, due_at, sum, warns_at, counted_on, warned, breached, state, paused_at, pauses, ended_at, next_at)
    where clock.id = new.id
    returning 1
)
select pg_notify('clocks', '') from changed limit 1
