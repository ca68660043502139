insert into api_key (pem) values ($1) on conflict do nothing
