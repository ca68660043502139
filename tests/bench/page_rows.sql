-- Read models of a front door with $CONTACTS contacts over three years, $OPEN of them open. The names are of nobody.
insert into contact (id, authority, version, reference, pack_version, origin, received_at, open, desktop, since, strand, urgency, level,
                     worker, submitted_by, outcome, closed_at, gaps, re_referral)
select id, 'halton', 5, 'HAL-' || n, '2026.1', id, at, is_open, case when is_open then desktops[1 + n % cardinality(desktops)] end, at,
       'safeguarding', (array['immediate', 'urgent', 'routine'])[1 + n % 3], 1 + n % 4, 'w-' || n % 40, null,
       case when is_open then null else 'advice' end, case when is_open then null else at + interval '1 day' end, n % 4, n % 5 = 0
from (select n, n <= $OPEN as is_open, (lpad(to_hex(n), 12, '0') || '7000800000000000beef')::uuid as id,
             timestamptz '$NOW' - n * interval '1 day' * 1095 / $CONTACTS as at, array[$DESKTOPS] as desktops
      from generate_series(1, $CONTACTS) as n) as made;
insert into arrival (contact, person, authority, reference, submission, agency, channel, source_code, received_at, given_name,
                     family_name, born, postcode, body)
select id, id, authority, reference, id, 'school-' || right(reference, 1), 'partner-system', '1A', received_at,
       (array['Quilva', 'Tamsore', 'Besolo', 'Yovine'])[1 + abs(hashtext(reference)) % 4],
       (array['Ollermoor', 'Wickenshaw', 'Stellrigg', 'Garrowfold'])[1 + abs(hashtext(reference || 'f')) % 4] || abs(hashtext(reference)) % 9000,
       date '2010-01-01' + abs(hashtext(reference)) % 5000, 'ZZ99 1AA', '{}'
from contact;
insert into clock (id, authority, rule, owner, subject, state, counted_from, due_at, sum, met_at)
select id, authority, 'TM-2', 'screening', id, case when open then 'running' else 'met' end, received_at,
       received_at + interval '1 day', 'one working day', closed_at
from contact;
insert into tally (authority, measure, since, agency, what, count)
select 'halton', measure, monday::date, 'school-' || agency, '', 1 + agency
from generate_series(date_trunc('week', timestamptz '$NOW') - interval '3 years', timestamptz '$NOW', '1 week') as monday,
     generate_series(1, 60) as agency,
     unnest(array['opened', 'closed', 'received', 're-referral', 'referral', 'taken', 'score', 'advice', 'redirected']) as measure;
insert into tally (authority, measure, since, agency, what, count)
select 'halton', measure, monday::date, case when measure like 'gap%' then 'school-' || agency else '' end, 'what-' || what || '-' || agency, 3
from generate_series(date_trunc('week', timestamptz '$NOW') - interval '3 years', timestamptz '$NOW', '1 week') as monday,
     generate_series(1, 60) as agency, generate_series(1, 10) as what, unnest(array['gap', 'gap-closed']) as measure;
insert into tally (authority, measure, since, agency, what, count)
select 'halton', measure, monday::date, '', what, 3
from generate_series(date_trunc('week', timestamptz '$NOW') - interval '3 years', timestamptz '$NOW', '1 week') as monday,
     generate_series(1, 25) as what, unnest(array['outcome', 'need', 'level', 'concern', 'clock-in-time', 'clock-late']) as measure;
analyze;
