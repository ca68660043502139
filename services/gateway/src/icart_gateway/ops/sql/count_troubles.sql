-- $1: the authority. What somebody has to look at.
select (select count(*) from delivery where failed and (authority = $1 or authority is null)) as deliveries_failed,
       (select count(*) from letter where state = 'waiting' and (authority = $1 or authority is null)) as dead_letters
