select sealed from public_draft where id = $1 and authority = $2 and expires_at > $3
