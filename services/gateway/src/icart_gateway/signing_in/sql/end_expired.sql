-- $1: seen since, $2: begun since. Those that no cookie can take up any more.
delete from session where seen_at <= $1 or began_at <= $2
