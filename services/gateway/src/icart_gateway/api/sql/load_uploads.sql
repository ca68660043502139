select id, size, sha256 from upload where agency = $1 and id = any($2::uuid[])
