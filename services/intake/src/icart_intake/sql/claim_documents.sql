-- Documents that are due to be looked at or cleared away, leased to whoever asks; another instance's are passed over.
update document set lease = $1, leased_until = clock_timestamp() + make_interval(secs => $2::float8)
where id in (
    select id from document
    where (state in ('named', 'waiting') or not cleared) and look_at <= clock_timestamp()
        and (leased_until is null or leased_until <= clock_timestamp())
    order by look_at, id limit $3
    for update skip locked
)
returning *
