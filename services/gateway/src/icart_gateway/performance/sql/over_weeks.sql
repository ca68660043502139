-- $1: the authority, $2: measures of weeks, $3: the first Monday, $4: the first Monday of the first four weeks after it, $5: of the
-- running four weeks, $6: how the same measures of four weeks end. The weeks at both ends, and between them four at a time.
select measure, agency, what, sum(count)::bigint as count
from (
    select measure, agency, what, count from tally
    where authority = $1 and measure = any($2::text[]) and since >= $3 and since < $4
    union all
    select left(measure, -length($6::text)), agency, what, count from tally
    where authority = $1 and measure = any(array(select one || $6 from unnest($2::text[]) as one)) and since >= $4 and since < $5
    union all
    select measure, agency, what, count from tally
    where authority = $1 and measure = any($2::text[]) and since >= $5
) as part
group by measure, agency, what
