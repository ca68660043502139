-- What every service has. The ids are UUIDv7, so a range of ids is a range of days: the inbox is cut by day without
-- a column for it, and a whole day is dropped at once.
create table inbox (id uuid primary key) partition by range (id);
create table inbox_other partition of inbox default;

create table outbox (
    seq bigint generated always as identity primary key,
    bucket smallint not null,
    id uuid not null,
    topic text not null,
    key text not null,
    headers text not null,
    value bytea not null,
    written_at timestamptz not null default clock_timestamp()
) with (toast_tuple_target = 8160);
-- A row lives for moments: compressing it, and keeping what is large beside it, would take half of the time to write it.
alter table outbox alter column value set storage external;

create function outbox_wake() returns trigger language plpgsql as $$
begin
    perform pg_notify('outbox', '');
    return null;
end
$$;
create trigger outbox_wake after insert on outbox for each statement execute function outbox_wake();

-- One relay per bucket. The token goes up at each change of hands; whoever still holds an older one can delete nothing.
create table outbox_lease (
    bucket smallint primary key,
    owner uuid not null,
    token bigint not null,
    expires_at timestamptz not null
);

-- The relays that are alive, so that they can share the buckets fairly.
create table outbox_relay (owner uuid primary key, seen_at timestamptz not null);

create table dead_letter (
    id uuid primary key,
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    code text not null,
    problems jsonb not null,
    headers jsonb not null,
    key bytea,
    value bytea,
    received_at timestamptz not null,
    recorded_at timestamptz not null default clock_timestamp(),
    state text not null default 'waiting' check (state in ('waiting', 'sent-again', 'discarded')),
    acted_at timestamptz,
    acted_by text,
    acted_reason text
);
create index dead_letter_waiting on dead_letter (recorded_at, id) where state = 'waiting';

-- Who looked at the contents of a dead letter, and why (break-glass).
create table dead_letter_look (
    id bigint generated always as identity primary key,
    dead_letter uuid not null references dead_letter,
    looked_at timestamptz not null default clock_timestamp(),
    looked_by text not null,
    reason text not null
);

-- Commands that came before the record that they are about.
create table waiting (
    id uuid primary key,
    subject uuid not null,
    topic text not null,
    partition integer not null,
    "offset" bigint not null,
    headers jsonb not null,
    value bytea not null,
    at timestamptz not null,
    parked_at timestamptz not null default clock_timestamp()
);
create index waiting_subject on waiting (subject);
create index waiting_parked on waiting (parked_at);
