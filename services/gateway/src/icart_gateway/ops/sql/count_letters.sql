-- $1: the authority. How many wait, of it or of nobody that can be known, by where they came from and why.
select service, topic, code, count(*) as letters, min(received_at) as oldest from letter
where state = 'waiting' and (authority = $1 or authority is null)
group by service, topic, code order by min(received_at), service, topic, code
