-- $1: the authority, $2: measures, $3: the first Monday.
select measure, since, sum(count)::bigint as count from tally
where authority = $1 and measure = any($2::text[]) and since >= $3 group by measure, since
