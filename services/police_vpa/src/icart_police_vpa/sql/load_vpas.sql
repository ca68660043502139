-- $1: ids. The rows are locked in the order of their ids, so that two owners of a partition cannot deadlock and the outbox
-- keeps the order of what is said about an assessment.
select id, state::text from vpa where id = any($1::uuid[]) order by id for update
