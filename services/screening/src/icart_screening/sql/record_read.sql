insert into record_read (contact, at, person, reader, reason) values ($1, clock_timestamp(), $2, $3, $4)
