-- $1: authority, $2: who looks. What lists leave the names out of.
select contact, child from shut_record where authority = $1 and lifted_at is null and (staff is null or staff = $2)
