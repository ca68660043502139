-- What stands under the id afterwards: this document, or the one that was there before.
with made as (
    insert into upload (agency, id, size, sha256, type, at) values ($1, $2, $3, $4, $5, $6)
    on conflict (agency, id) do nothing returning size, sha256
)
select size, sha256 from made union all select size, sha256 from upload where agency = $1 and id = $2 limit 1
