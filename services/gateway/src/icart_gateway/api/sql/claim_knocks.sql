-- $1: now, $2: until when they are ours, $3: at most so many.
update knock set attempts = attempts + 1, next_at = $2
from webhook
where knock.webhook = webhook.id and knock.id in (
    select id from knock where delivered_at is null and dead_at is null and next_at <= $1
    order by next_at, id limit $3 for update skip locked
)
returning knock.id, webhook.agency, webhook.url, webhook.secret, knock.event, knock.subject, knock.at, knock.made_at, knock.attempts
