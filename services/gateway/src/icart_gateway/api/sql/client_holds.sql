select exists (select from api_client where id = $1 and agency = $2 and revoked_at is null)
