-- $1: the cookie's digest, $2: begun since. Gone with the first answer, whatever comes of it.
delete from sign_in_attempt where token_hash = $1 and began_at > $2 returning state, nonce, verifier, back_to
