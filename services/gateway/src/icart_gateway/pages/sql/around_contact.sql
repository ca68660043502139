-- $1: the contact, $2: the authority, $3: submissions, $4: undertakings of it, $5: other contacts of the family or of the same event,
-- $6: the child whom it is about, whose other contacts they are too.
-- One row of lists: what stands beside the log on the page of a contact.
select
    (select coalesce(jsonb_agg(to_jsonb(clock) order by due_at, id), '[]') from clock
     where subject = any($1::uuid || $4::uuid[]) and authority = $2) as clocks,
    (select coalesce(jsonb_agg(to_jsonb(document) order by at, id), '[]') from document
     where submission = any($3::uuid[]) and authority = $2) as documents,
    (select coalesce(jsonb_agg(to_jsonb(offer) order by (state = 'open') desc, at desc), '[]') from offer
     where id in (select offer from offer_contact where contact = $1) and authority = $2) as offers,
    (select coalesce(jsonb_agg(jsonb_build_object(
                'id', one.id, 'reference', one.reference, 'open', one.open, 'desktop', one.desktop, 'outcome', one.outcome,
                'worker', one.worker, 'person', about.person, 'given_name', arrival.given_name, 'family_name', arrival.family_name)
             order by one.received_at, one.id), '[]')
     from contact as one left join arrival on arrival.contact = one.origin left join about on about.contact = one.origin
     where one.authority = $2 and one.id <> $1 and (one.id = any($5::uuid[]) or one.origin = any(array(
         select contact from about where person = $6 and authority = $2)))) as linked
