select authority, place, hash from read_audit_head order by authority
