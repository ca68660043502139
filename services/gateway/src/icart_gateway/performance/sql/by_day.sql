-- $1: the authority, $2: measures of days, $3: the first day, $4: day or week. By the day, or by the Monday of its week.
select measure, date_trunc($4, since::timestamp)::date as since, sum(count)::bigint as count from tally
where authority = $1 and measure = any($2::text[]) and since >= $3 group by 1, 2
