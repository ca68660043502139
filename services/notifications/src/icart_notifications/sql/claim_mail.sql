update delivery
set claim = $1, next_try_at = clock_timestamp() + make_interval(secs => $2)
where id in (
    select id from delivery
    where state = 'waiting' and next_try_at <= clock_timestamp()
    order by next_try_at, id
    limit $3
    for update skip locked
)
returning id, authority, pack_version, template, view, subject, body, channel, recipient, address, about, reference,
          in_reply_to, meets, correlation, created_at, state, attempts, sendings, tries
