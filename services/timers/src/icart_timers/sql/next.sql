select min(next_at) from unnest($1::integer[]) as served (partition)
cross join lateral (
    select next_at from clock where clock.partition = served.partition and next_at is not null order by next_at limit 1
) as first
