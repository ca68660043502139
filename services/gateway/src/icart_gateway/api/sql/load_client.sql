select id, agency, salt, secret_hash, made_at from api_client where agency = $1 and revoked_at is null
