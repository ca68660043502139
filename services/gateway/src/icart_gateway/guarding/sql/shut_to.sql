-- $1: authority, $2: contact, $3: its child, $4: who would open it. Own family before restricted.
select staff is not null as own_family from shut_record
where authority = $1 and lifted_at is null and (contact = $2 or child = $3) and (staff is null or staff = $4)
order by 1 desc limit 1
