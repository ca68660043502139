-- Give a document back: it is due again after so many seconds.
update document set look_at = clock_timestamp() + make_interval(secs => $3::float8), tries = $4, lease = null,
    leased_until = null
where id = $1 and lease = $2
