-- $1: the form. Two pages of one person tell intake one after the other.
select pg_advisory_xact_lock(hashtextextended($1, 0))
