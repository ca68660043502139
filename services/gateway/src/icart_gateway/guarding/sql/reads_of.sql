-- $1: authority, $2: contact, $3: its child. The newest first.
select at, person, role, what, contact, glass from read_audit
where authority = $1 and (contact = $2 or child = $3) order by at desc, place desc limit 500
