insert into webhook (id, agency, url, secret, made_at, places) values ($1, $2, $3, $4, $5, $6)
