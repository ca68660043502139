-- $1: session, $2: digest of its new token, $3: authority, $4: role, $5: the new mark of its forms.
update session set token_hash = $2, authority = $3, role = $4, csrf = $5 where id = $1
