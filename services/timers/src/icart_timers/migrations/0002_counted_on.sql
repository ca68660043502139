-- Which calendar a clock was counted on: those that were counted on one that has changed since are counted anew.
-- Clocks from before bear no mark, and so are counted once more.
alter table clock add column counted_on text not null default '';
create index clock_counted_on on clock (partition, counted_on) where ended_at is null;
