-- $1: authority. Everybody who has an open contact, and how many.
select worker, count(*) as contacts from contact
where authority = $1 and open and worker is not null group by worker
