update sent set taken = true where message = $1
