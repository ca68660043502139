-- Read models of three front doors with $CONTACTS contacts over three years, $OPEN of them open. The names are of nobody.
-- Beside it `front` (one row an authority) and `template` (one row a message type) are there: page_rows.py.
create temp table made as
select n, (lpad(to_hex(n), 12, '0') || '7000800000000000beef')::uuid as id, authority, pack_version, clocks[1:2] as rules,
       overlay(upper(left(authority, 2) || lpad(to_hex(n), 8, '0')) placing '-' from 6 for 0) as reference,
       timestamptz '$NOW' - interval '1095 days' * (($CONTACTS - n + 1)::float8 / $CONTACTS) as at,
       $CONTACTS - n < $OPEN as is_open,
       -- of the open ones a fifth waits for triage, a fifth for a worker, two fifths are worked on, a fifth waits for authorisation
       case when $CONTACTS - n < $OPEN then hash % 5 else 5 end as stage,
       desktops[1 + hash % cardinality(desktops)] as desktop, strands[1 + hash % cardinality(strands)] as strand,
       outcomes[1 + hash % cardinality(outcomes)] as outcome, agencies[1 + hash % cardinality(agencies)] as agency,
       (array['immediate', 'urgent', 'routine', 'routine'])[1 + hash % 4] as urgency, 1 + hash % 4 as level,
       authority || '-w' || hash % 60 as worker,
       (array['Quilva', 'Tamsore', 'Besolo', 'Yovine', 'Marnel', 'Odric', 'Selwith', 'Jorvane'])[1 + hash / 7 % 8] as given_name,
       -- a few names are borne by many
       (array['Ollermoor', 'Wickenshaw', 'Stellrigg', 'Garrowfold'])[1 + hash % 4] || floor(1000 * (hash % 9973 / 9973.0) ^ 2) as family_name,
       date '2008-09-01' + hash % 6500 as born, 'ZZ99 ' || hash % 10 || chr(65 + hash / 10 % 26) || chr(65 + hash / 260 % 26) as postcode
from generate_series(1, $CONTACTS) as n
cross join lateral (select (hashint8extended(n, 7) & 1073741823)::int as hash) as hashed
join front on hash % 20 between first_share and last_share;

insert into contact (id, authority, version, reference, pack_version, origin, received_at, open, desktop, since, strand, urgency, level,
                     worker, submitted_by, outcome, closed_at, gaps, re_referral)
select id, authority, 1 + least(stage, 5), reference, pack_version, id, at, is_open, case when is_open then desktop end, at,
       case when stage > 0 then strand end, urgency, level, case when stage > 1 then worker end, case when stage > 3 then worker end,
       case when stage > 3 then outcome end, case when not is_open then at + interval '1 day' end, n % 4, n % 5 = 0
from made;

insert into arrival (contact, person, authority, reference, submission, agency, channel, source_code, received_at, given_name,
                     family_name, born, postcode, body)
select id, id, authority, reference, id, agency, 'partner-system', '1A', at, given_name, family_name, born, postcode,
       opened.body || jsonb_build_object(
           'contact', id, 'authority', authority, 'reference', reference, 'submission', id, 'agency', agency, 'received_at', at,
           'child', opened.body -> 'child' || jsonb_build_object('given_name', given_name, 'family_name', family_name, 'born', born),
           'child_known', opened.body -> 'child_known' || jsonb_build_object('person', id))
from made join template as opened on opened.type = 'icart.intake.contact-opened.v1';

insert into told (id, contact, at, type, body)
select contact, contact, received_at, 'icart.intake.contact-opened.v1', body from arrival;

insert into told (id, contact, at, version, type, body)
select (left(id::text, 32) || lpad(to_hex(version), 4, '0'))::uuid, id, at + version * interval '1 hour', version, type,
       template.body || said || jsonb_build_object('contact', id, 'authority', authority, 'version', version,
                                                   'at', at + version * interval '1 hour')
from made cross join lateral (values
    (0, 1, 'icart.screening.received.v1', jsonb_build_object('reference', reference, 'pack_version', pack_version, 'desktop', desktop,
                                                             'agency', agency, 'received_at', at)),
    (1, 2, 'icart.screening.triaged.v1', jsonb_build_object('strand', strand, 'urgency', urgency)),
    (2, 3, 'icart.screening.allocated.v1', jsonb_build_object('worker', worker, 'strand', strand)),
    (3, 4, 'icart.screening.section-recorded.v1', jsonb_build_object('section', 'screening')),
    (4, 5, 'icart.screening.submitted.v1', jsonb_build_object('outcome', outcome, 'level', level)),
    (5, 6, 'icart.screening.closed.v1', jsonb_build_object('outcome', outcome, 'level', level, 'strand', strand, 'submission', id,
                                                           'reference', reference, 'pack_version', pack_version))
) as step (least_stage, version, type, said)
join template using (type)
where stage >= least_stage and (version <> 4 or n % 4 = 0);

insert into clock (id, authority, rule, owner, subject, state, counted_from, due_at, sum, met_at)
select (left(id::text, 32) || lpad(to_hex(place), 4, '0'))::uuid, authority, rules[place], 'screening', id,
       case when place = 1 and stage > 0 or not is_open then 'met' when n % 50 = 0 then 'paused' else 'running' end, at,
       at + place * interval '1 day', 'One working day, counted from when it arrived.', case when not is_open then at + interval '6 hours' end
from made, generate_series(1, 2) as place;

insert into document (id, authority, submission, attachment, state, kind, size, at)
select id, authority, id, id, 'clean', 'application/pdf', 120000, at from made where n % 4 = 0;

insert into offer (id, authority, version, state, one, other, score, words, bits, contacts, offered_at, at)
select made.id, made.authority, 1, case when $CONTACTS - n < $OPEN then 'open' else 'different' end, made.id, other.id, 4.5,
       array['family name: the same', 'given name: different'], array[6.2, -1.7], array[made.id, other.id], made.at, made.at
from made cross join lateral (select (lpad(to_hex(greatest(1, n - 20)), 12, '0') || '7000800000000000beef')::uuid as id) as other
where n % 40 = 0;

insert into offer_contact (offer, contact, authority) select id, unnest(contacts), authority from offer;

insert into merge (id, authority, version, state, stays, goes, offer, proposed_by, reason, at)
select id, authority, 1, case when latest <= 30 then 'proposed' else 'made' end, id, id, id, worker, 'One family, two spellings.', at
from (select made.*, row_number() over (order by n desc) as latest from made where n % 400 = 0) as one;

insert into delivery (id, authority, template, channel, agency, about, failed, attempts, sendings, reason, at)
select id, authority, 'acknowledgement', 'smtp', agency, id, n % 5000 = 0, 1, 1, case when n % 5000 = 0 then 'The mailbox is full.' end, at
from made where n % 2 = 0;

insert into letter (id, service, topic, partition, "offset", code, problems, size, received_at, state)
select id, 'intake', 'inbound.referrals.' || agency, 0, n, 'not-json', '[{"path": "$", "found": "nothing", "expected": "JSON", "fix": ""}]', 900, at,
       case when $CONTACTS - n < $OPEN then 'waiting' else 'discarded' end
from made where n % 1000 = 0;

-- Nights and meetings of three years: of each a dozen things were said.
insert into told_of_authority (id, undertaking, authority, kind, at, version, type, body)
select (lpad(to_hex(row_number() over ()), 12, '0') || '7000800000000000cafe')::uuid, day.undertaking, day.authority, day.kind,
       day.at, item, day.type,
       template.body || jsonb_build_object('undertaking', day.undertaking, 'authority', day.authority, 'version', item, 'at', day.at)
       || case day.kind
              when 'handover' then jsonb_build_object('by_night', template.body -> 'by_night' || jsonb_build_object('item', made.id))
              else jsonb_build_object('presented', template.body -> 'presented' || jsonb_build_object('enquiry', made.id)) end
from day join template using (type) cross join generate_series(1, 12) as item
join made on made.n = 1 + ($CONTACTS - 1) * item / 12;

-- What was counted: by week with agency and kind, by day without.
insert into tally (authority, measure, since, agency, what, count)
select authority, measure, week::date, agency, '', 3
from front cross join generate_series(date_trunc('week', timestamptz '$NOW') - interval '156 weeks', timestamptz '$NOW', '1 week') as week
cross join unnest(agencies) as agency
cross join unnest(array['opened', 'closed', 'received', 're-referral', 'referral', 'taken', 'score', 'advice', 'redirected']) as measure;
insert into tally (authority, measure, since, agency, what, count)
select authority, measure, week::date, agency, 'question-' || what, 3
from front cross join generate_series(date_trunc('week', timestamptz '$NOW') - interval '156 weeks', timestamptz '$NOW', '1 week') as week
cross join unnest(agencies) as agency cross join generate_series(1, 10) as what
cross join unnest(array['gap', 'gap-closed']) as measure;
insert into tally (authority, measure, since, agency, what, count)
select authority, measure, week::date, '', 'kind-' || what, 3
from front cross join generate_series(date_trunc('week', timestamptz '$NOW') - interval '156 weeks', timestamptz '$NOW', '1 week') as week
cross join generate_series(1, 25) as what
cross join unnest(array['outcome', 'need', 'level', 'concern', 'clock-in-time', 'clock-late']) as measure;
insert into tally (authority, measure, since, agency, what, count)
select authority, measure || '-over', since - 7 * ((since - date '0001-01-01') / 7 % 4), agency, what, sum(count)
from tally group by 1, 2, 3, 4, 5;
insert into tally (authority, measure, since, agency, what, count)
select authority, measure || '-on', day::date, '', '', 400
from front cross join generate_series(timestamptz '$NOW' - interval '4 years', timestamptz '$NOW', '1 day') as day
cross join unnest(array['opened', 'closed', 'advice', 'redirected', 'received', 're-referral', 'referral', 'clock-in-time', 'clock-late',
                        'clock-breached']) as measure;
insert into tally (authority, measure, since, agency, what, count)
select authority, left(measure, -3) || '-in', date_trunc('month', since::timestamp)::date, agency, what, sum(count)
from tally where measure like '%-on' group by 1, 2, 3, 4, 5
