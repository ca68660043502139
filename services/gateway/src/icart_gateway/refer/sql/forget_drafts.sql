delete from public_draft where expires_at <= $1
