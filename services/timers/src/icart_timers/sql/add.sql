-- The notice goes out with the commit: whoever waits for the next due instant looks again.
with added as (
    insert into clock (id, partition, authority, pack_version, rule, owner, subject, correlation, received_at,
                       counted_from, due_at, sum, warns_at, fractions, counted_on, warned, breached, state,
                       paused_at, pauses, ended_at, next_at)
    select id, partition, authority, pack_version, rule, owner, subject, correlation, received_at,
           counted_from, due_at, sum, warns_at::timestamptz[], fractions::float8[], counted_on, warned, breached, state,
           paused_at, pauses::timestamptz[], ended_at, next_at
    from unnest($1::uuid[], $2::integer[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[],
                $9::timestamptz[], $10::timestamptz[], $11::timestamptz[], $12::text[], $13::text[], $14::text[],
                $15::text[], $16::integer[], $17::boolean[], $18::text[], $19::timestamptz[], $20::text[],
                $21::timestamptz[], $22::timestamptz[])
      as new (id, partition, authority, pack_version, rule, owner, subject, correlation, received_at, counted_from,
              due_at, sum, warns_at, fractions, counted_on, warned, breached, state, paused_at, pauses, ended_at, next_at)
    on conflict (id) do nothing
    returning 1
)
select pg_notify('clocks', '') from added limit 1
