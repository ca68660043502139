-- $7: attempts begun before are forgotten.
with forgotten as (delete from sign_in_attempt where began_at <= $7)
insert into sign_in_attempt (token_hash, state, nonce, verifier, back_to, began_at) values ($1, $2, $3, $4, $5, $6)
