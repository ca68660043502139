select id, type, subject, correlation, received_at from receipt where id = $1 and agency = $2 and received_at is not null
