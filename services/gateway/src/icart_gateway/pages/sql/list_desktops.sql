-- $1: authority, $2: now, $3: desktop, $4: strand, $5: urgency, $6: worker, $7: late alone, $8: stage, $9: sorted by,
-- $10: the other way round, $11 and $12: key and id after which the page begins, $13: rows on a page.
-- One row: how much lies on each desktop, how much the filter leaves, and the page. No name is sorted or filtered by.
with next_clock as (
    select distinct on (subject) subject, rule, due_at, counted_from, state from clock
    where authority = $1 and state in ('running', 'paused') order by subject, due_at
), lying as materialized (
    select one.id, one.origin, one.reference, one.desktop, one.since, one.strand, one.urgency, one.level, one.worker,
           one.submitted_by, one.outcome, one.received_at, one.gaps, one.re_referral, one.version,
           clock.rule, clock.due_at, clock.counted_from, clock.state as clock_state, coalesce(clock.due_at < $2, false) as late
    from contact as one left join next_clock as clock on clock.subject = one.id
    where one.authority = $1 and one.open
), left_over as (
    select *, case when $10 then -1 else 1 end * case $9
        when 'received' then (extract(epoch from received_at) * 1000)::bigint
        when 'urgency' then case urgency when 'immediate' then 0 when 'urgent' then 1 when 'routine' then 2 else 3 end
                            * 10000000000000::bigint + (extract(epoch from received_at) * 1000)::bigint
        else (extract(epoch from coalesce(due_at, '2999-01-01')) * 1000)::bigint end as key
    from lying
    where ($3::text is null or desktop = $3) and ($4::text is null or strand = $4) and ($5::text is null or urgency = $5)
      and ($6::text is null or worker = $6) and (not $7 or late)
      and ($8::text is null or case $8 when 'triage' then strand is null
                                        when 'allocation' then strand is not null and worker is null and submitted_by is null
                                        when 'authorisation' then submitted_by is not null end)
), on_page as (
    select * from left_over where $11::bigint is null or (key, id) > ($11, $12::uuid) order by key, id limit $13
), page as (
    select on_page.*, arrival.given_name, arrival.family_name, arrival.born, arrival.agency, about.person,
           (select body -> 'proposed' from told
            where told.contact = on_page.id and told.type = 'icart.screening.received.v1' and on_page.strand is null
            limit 1) as proposed
    from on_page left join arrival on arrival.contact = on_page.origin left join about on about.contact = on_page.origin
)
select (select coalesce(jsonb_object_agg(desktop, contacts), '{}') from (
            select desktop, jsonb_build_object('all', count(*), 'late', count(*) filter (where late)) as contacts
            from lying where desktop is not null group by desktop) as counted) as counts,
       (select coalesce(jsonb_object_agg(worker, contacts), '{}') from (
            select worker, jsonb_build_object('all', count(*), 'late', count(*) filter (where late),
                                              'submitted', count(submitted_by)) as contacts
            from lying where worker is not null group by worker) as counted) as workers,
       (select count(*) from left_over) as total,
       (select count(*) from statutory_notice where authority = $1 and state <> 'answered') as notices,
       (select coalesce(jsonb_agg(to_jsonb(page) order by key, id), '[]') from page) as rows
