-- The mail server was not reached: that is no try of these, and they wait for as long as it takes.
update delivery
set claim = null, reason = $2, next_try_at = clock_timestamp() + make_interval(secs => $3)
where claim = $1 and state = 'waiting'
