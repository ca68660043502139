-- $1: authority, $2: who looks. What is shut to them, and whether because it is of their own family.
select contact, child, staff is not null as own_family from shut_record
where authority = $1 and lifted_at is null and (staff is null or staff = $2)
