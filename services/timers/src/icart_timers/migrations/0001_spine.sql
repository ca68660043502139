-- One row per clock, for ever: what it was counted from stays, so that it can be counted anew when a calendar changes.
create table clock (
    id uuid primary key,
    partition integer not null,
    authority text not null,
    pack_version text not null,
    rule text not null,
    owner text not null,
    subject uuid not null,
    correlation uuid not null,
    received_at timestamptz not null,
    counted_from timestamptz not null,
    due_at timestamptz not null,
    sum text not null,
    warns_at timestamptz[] not null,
    fractions float8[] not null,
    warned integer not null,
    breached boolean not null,
    state text not null check (state in ('running', 'paused', 'met', 'cancelled')),
    paused_at timestamptz,
    -- Start and end of each pause, one after the other.
    pauses timestamptz[] not null,
    ended_at timestamptz,
    next_at timestamptz,
    check ((state = 'paused') = (paused_at is not null)),
    check ((state in ('met', 'cancelled')) = (ended_at is not null)),
    check (next_at is null or state = 'running')
);
create index clock_next on clock (partition, next_at) where next_at is not null;
