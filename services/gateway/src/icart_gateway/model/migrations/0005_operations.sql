-- From events.notifications: how the last sending of each delivery ended.
create table delivery (
    id         uuid primary key,
    authority  text,
    template   text not null,
    channel    text not null,
    agency     text not null,
    about      uuid not null,
    failed     boolean not null,
    attempts   int not null,
    sendings   int not null,
    reason     text,                     -- of the failure
    at         timestamptz not null
);
create index delivery_failed on delivery (authority, at, id) where failed;

-- From dead-letters.<service>: what could not be handled and what became of it. Never what it said.
create table letter (
    id           uuid primary key,
    service      text not null,
    topic        text not null,
    partition    int not null,
    "offset"     bigint not null,
    code         text not null,
    problems     jsonb not null,
    size         int not null,
    received_at  timestamptz not null,
    state        text not null default 'waiting',
    settled_by   text,
    settled_at   timestamptz
);
create index letter_waiting on letter (received_at, id) where state = 'waiting';

-- Of the clocks that run: how many, by rule.
create index clock_open on clock (authority, rule) where state in ('running', 'paused');

-- What came and went, counted by the projector: each measure follows from one topic. A day or a Monday is one of Europe/London.
create table tally (
    authority  text not null,
    measure    text not null,
    since      date not null,            -- the Monday of the week; by how a measure's name ends the day (-on), the first of the
                                         -- month (-in), or the first Monday of four weeks (-over)
    agency     text not null,            -- '' where a measure is not counted by agency
    what       text not null,            -- outcome, need, gap, rule: as the measure says; else ''
    count      bigint not null,
    primary key (authority, measure, since, agency, what)
);
