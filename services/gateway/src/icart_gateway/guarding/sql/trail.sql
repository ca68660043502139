select authority, place, at, person, role, what, contact, child, glass, hash from read_audit order by authority, place
