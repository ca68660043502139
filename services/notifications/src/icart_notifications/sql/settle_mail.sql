-- Nothing when the claim was lost: another sender has it, or it was sent again on demand meanwhile.
update delivery
set state = $3, attempts = attempts + 1, tries = tries + 1, reason = $4, ended_at = $5, claim = null,
    next_try_at = clock_timestamp() + make_interval(secs => $6)
where id = $1 and claim = $2 and state = 'waiting'
returning attempts
