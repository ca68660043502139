-- $1: ids, $2: contacts whose open undertakings are wanted too. Locked in the order of their ids, after the contacts.
select id, kind, body::text from undertaking
where id in (
    select unnest($1::uuid[])
    union
    select id from undertaking where contact = any($2::uuid[]) and open
)
order by id for update
