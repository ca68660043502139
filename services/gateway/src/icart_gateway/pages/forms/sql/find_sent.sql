select form, type, sent_at, taken, settled from sent where message = $1 and authority = $2 and person = $3
