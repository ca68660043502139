insert into api_client (id, agency, salt, secret_hash, made_at) values ($1, $2, $3, $4, $5)
