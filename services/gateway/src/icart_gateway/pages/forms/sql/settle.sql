update sent set settled = true where message = $1 and not settled
