-- $1: the cookie's digest, $2: that of the state which the answer repeats (it may hold what a text cannot), $3: begun since.
-- Gone with its first answer, whatever comes of it.
delete from sign_in_attempt where token_hash = $1 and sha256(convert_to(state, 'UTF8')) = $2 and began_at > $3
returning state, nonce, verifier, back_to
