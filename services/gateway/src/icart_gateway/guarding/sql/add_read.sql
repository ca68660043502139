with head as (update read_audit_head set place = $2, hash = $10 where authority = $1)
insert into read_audit (authority, place, at, person, role, what, contact, child, glass, hash)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
