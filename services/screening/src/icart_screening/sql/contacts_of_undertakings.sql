select distinct contact from undertaking where id = any($1::uuid[]) and contact is not null
