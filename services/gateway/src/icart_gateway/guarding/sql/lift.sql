update shut_record set lifted_by = $3, lifted_at = $4
where id = $1 and authority = $2 and lifted_at is null and staff is distinct from $3
returning id
