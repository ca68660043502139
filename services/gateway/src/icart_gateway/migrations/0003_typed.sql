-- What somebody is typing, field by field: kept through time-outs, lost connections and restarts (IN-22).
create table typed (
    person        text not null,
    authority     text not null,
    form          text not null,          -- the step, and what it is about, by ids
    field         text not null,
    value         text not null,
    saved_at      timestamptz not null,
    discarded_at  timestamptz,            -- thrown away, and still to be had back for a while
    primary key (authority, person, form, field)
);

-- Messages that people's forms sent: a second press is the same message, and what became of it is shown to whoever sent it.
create table sent (
    message       uuid primary key,
    person        text not null,
    authority     text not null,
    form          text not null,
    type          text not null,
    digest        bytea not null,         -- SHA-256 of what it said: with other words it is another message
    sent_at       timestamptz not null,
    taken         boolean not null default false,   -- the broker has acknowledged it
    settled       boolean not null default false    -- what became of it has been shown
);
create index sent_open on sent (authority, person) where not settled;

-- Who has which record open, so that two people on one see each other. Old rows count for nothing.
create table present (
    page          uuid primary key,       -- one open page of a browser
    authority     text not null,
    subject       uuid not null,          -- the contact or undertaking
    person        text not null,
    name          text not null,
    typing        text not null,          -- what the person is filling in, or nothing
    seen_at       timestamptz not null
);
create index present_on on present (authority, subject, seen_at);
