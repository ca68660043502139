-- $1: workers, $2: ids of contacts that are counted elsewhere.
select authority, worker, count(*) as contacts
from contact
where status = 'open' and worker = any($1::text[]) and id <> all($2::uuid[])
group by authority, worker
