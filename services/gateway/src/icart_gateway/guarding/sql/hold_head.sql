-- $1: authority, $2: the hash before the first row. The last row's place and hash, held until the transaction ends.
insert into read_audit_head (authority, place, hash) values ($1, 0, $2)
on conflict (authority) do update set place = read_audit_head.place
returning place, hash
