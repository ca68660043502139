-- $1: undertakings, $2: references that people know contacts by.
select contact from undertaking where id = any($1::uuid[]) and contact is not null
union
select id from contact where (state ->> 'reference') = any($2::text[])
