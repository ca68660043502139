select webhook.id as webhook, url, webhook.made_at, coalesce(waiting, 0) as waiting, coalesce(dead, 0) as dead, failure as last_failure
from webhook
left join lateral (
    select count(*) filter (where delivered_at is null and dead_at is null) as waiting, count(dead_at) as dead
    from knock where knock.webhook = webhook.id
) as counted on true
left join lateral (
    select failure from knock where knock.webhook = webhook.id and failure is not null order by made_at desc, id desc limit 1
) as last on true
where agency = $1 order by webhook.made_at, webhook.id
