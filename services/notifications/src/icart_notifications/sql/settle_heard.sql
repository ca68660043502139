-- E-mails whose last sending has its receipt have ended, though their rows do not know of it yet. While topics are read again
-- a demand to send again finds its e-mail still waiting and adds no sending: the receipt says how many there were.
-- $1: of these deliveries, or null for all that wait.
update delivery as d
set state = r.state, attempts = r.attempts, sendings = r.sendings, reason = r.reason, ended_at = r.ended_at, tries = 0,
    next_try_at = '-infinity', claim = null
from (
    select distinct on (delivery) delivery, sendings, attempts, state, reason, ended_at
    from receipt
    where delivery in (select id from delivery where state = 'waiting' and ($1::uuid[] is null or id = any($1)))
    order by delivery, sendings desc
) as r
where d.id = r.delivery and d.state = 'waiting' and r.sendings >= d.sendings
returning d.id
