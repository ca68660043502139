-- $1: authority, $2: kind. Those whose life goes on, in the order in which they began.
select body::text as body from undertaking where authority = $1 and kind = $2 and open order by begun_at, id
