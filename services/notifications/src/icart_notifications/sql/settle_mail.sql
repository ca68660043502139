-- Nothing when the claim was lost: another sender has it, or it was sent again on demand meanwhile.
update delivery
set state = $3, attempts = attempts + 1, reason = $4, ended_at = $5, claim = null,
    tries = case when $3 = 'waiting' then tries + 1 else 0 end,
    next_try_at = case when $3 = 'waiting' then clock_timestamp() + make_interval(secs => $6) else '-infinity' end
where id = $1 and claim = $2 and state = 'waiting'
returning attempts
