-- $1: the authority, $2: measures of days, $3: the first day, $4: month, quarter or year (from April), $5: a day.
-- By the period's first day: the count of the whole period, and of its days until $5.
select measure, (date_trunc($4, since - interval '3 months') + interval '3 months')::date as since, sum(count)::bigint as count,
       coalesce(sum(count) filter (where since <= $5), 0)::bigint as until
from tally where authority = $1 and measure = any($2::text[]) and since >= $3 group by 1, 2
