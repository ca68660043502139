-- $1: the authority, $2: measures of months, $3: the first month, $4: month, quarter or year (from April), $5: the first day of a
-- period, $6: a day in it, $7: the first of its month, $8: the same measures of days, beside those of months.
-- By the period's first day; and without one, what came of the period from $5 until $6: its months that were over, and days.
with month as (
    select measure, since, count from tally where authority = $1 and measure = any($2::text[]) and since >= $3
), until as (
    select measure, count from month where since >= $5 and since < $7
    union all
    select named.measure, tally.count
    from unnest($2::text[], $8::text[]) as named (measure, of_days)
    join tally on tally.authority = $1 and tally.measure = named.of_days and tally.since >= $7 and tally.since <= $6
)
select measure, (date_trunc($4, since - interval '3 months') + interval '3 months')::date as since, sum(count)::bigint as count
from month group by 1, 2
union all
select measure, null, sum(count)::bigint from until group by 1
