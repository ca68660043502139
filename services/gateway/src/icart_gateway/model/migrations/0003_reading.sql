-- From events.timers: every clock as it stands.
create table clock (
    id            uuid primary key,
    authority     text not null,
    rule          text not null,
    owner         text not null,
    subject       uuid not null,         -- the contact, undertaking, notice or assessment that it times
    state         text not null,         -- running, paused, met, cancelled
    counted_from  timestamptz not null,
    due_at        timestamptz not null,
    sum           text not null,         -- how the due instant came about, as a sentence
    warned        double precision,      -- the fraction of its time that had gone when somebody was last warned
    breached_at   timestamptz,
    met_at        timestamptz,
    late          boolean not null default false,
    reason        text                   -- why it stands still or was cancelled
);
create index clock_of_subject on clock (subject, due_at);
create index clock_next on clock (subject, due_at) where state in ('running', 'paused');

-- From events.screening: every undertaking as it stands, by the lives of the policy.
create table undertaking (
    id            uuid primary key,
    authority     text not null,
    kind          text not null,
    contact       uuid,
    pack_version  text not null,
    version       int not null,
    state         text not null,
    over          boolean not null,
    begun_at      timestamptz not null,
    at            timestamptz not null   -- of the last that was said of it
);
create index undertaking_of_contact on undertaking (contact, begun_at, id) where contact is not null;
create index undertaking_open on undertaking (authority, kind, begun_at) where not over;

-- From events.intake: documents, by what was last found of them.
create table document (
    id            uuid primary key,
    authority     text not null,
    submission    uuid not null,
    attachment    uuid not null,
    state         text not null,         -- named, waiting, clean, refused, missing
    kind          text,
    size          bigint,
    reason        text,
    about         text[] not null default '{}',
    at            timestamptz not null
);
create index document_of_submission on document (submission, at, id);

-- From events.intake: two known people who may be one, with what is for and against it.
create table offer (
    id            uuid primary key,
    authority     text not null,
    version       int not null,
    state         text not null,         -- open, same, different, withdrawn
    one           uuid not null,
    other         uuid not null,
    score         double precision not null,
    words         text[] not null,       -- of the terms, and beside each in `bits` its weight
    bits          double precision[] not null,
    contacts      uuid[] not null,
    offered_at    timestamptz not null,
    decided_by    text,
    reason        text,
    at            timestamptz not null
);
create index offer_of_contact on offer using gin (contacts);
create index offer_open on offer (authority, offered_at, id) where state = 'open';

-- From events.intake: merges of two known people.
create table merge (
    id            uuid primary key,
    authority     text not null,
    version       int not null,
    state         text not null,         -- proposed, made, refused, undone
    stays         uuid not null,
    goes          uuid not null,
    offer         uuid,
    proposed_by   text not null,
    decided_by    text,
    reason        text not null,
    at            timestamptz not null
);
create index merge_open on merge (authority, at, id) where state = 'proposed';

create index arrival_postcode on arrival (authority, (replace(postcode, ' ', '')));
