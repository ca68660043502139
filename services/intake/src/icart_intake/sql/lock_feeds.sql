-- The feeds of a batch, locked: another instance that handles the same feed waits for this batch.
insert into case_feed (authority) select authority from unnest($1::text[]) as t (authority) order by authority
on conflict (authority) do update set authority = excluded.authority
returning authority, complete_as_of
