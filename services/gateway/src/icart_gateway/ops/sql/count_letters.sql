-- How many wait, by where they came from and why.
select service, topic, code, count(*) as letters, min(received_at) as oldest from letter where state = 'waiting'
group by service, topic, code order by min(received_at), service, topic, code
