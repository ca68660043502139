select id, agency, made_at, revoked_at from api_client order by agency, made_at desc
