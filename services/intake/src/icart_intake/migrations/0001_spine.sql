-- Everything that was sent in and could be taken, repeats included. Two submissions with one id, or one sender's message id
-- twice, cannot both be here: whoever inserts second finds the first (IN-15).
create table submission (
    id uuid primary key,
    agency text not null,
    authority text not null,
    message_id uuid not null,
    channel text not null,
    reference text not null,
    pack_version text not null,
    received_at timestamptz not null,
    content uuid not null,
    first uuid,             -- the submission that this one repeats
    outcome jsonb,          -- what became of it; null while its batch is not finished
    clocks jsonb not null default '{}',
    record_due boolean not null default false,  -- the night team still owes the rest of its record
    completed_by uuid,      -- the message that completed the record last
    unique (agency, authority, message_id)
);

-- The last submission that was taken with each content: the row that two instances meet on.
create table content (
    digest uuid primary key,
    submission uuid not null,
    reference text not null,
    pack_version text not null,
    received_at timestamptz not null
);

-- Everybody whom we know: from the case system (with its number), or named at the door.
create table person (
    id uuid primary key,
    authority text not null,
    number text,
    as_of timestamptz,
    facts jsonb not null,       -- what is compared (domain/match.py)
    standing jsonb not null,    -- case, services, history
    described jsonb not null,   -- as the message gave it
    unique (authority, number)
);

-- Where to look for a person: digests of identifiers and of names with dates. Also what two instances that name the same
-- person meet on.
create table person_key (
    key uuid primary key,
    people uuid[] not null default '{}'
);

create table contact (
    id uuid primary key,
    person uuid not null,
    submission uuid not null,
    authority text not null,
    reference text not null,
    received_at timestamptz not null
);
create index contact_person on contact (person, received_at, id);
create index contact_submission on contact (submission);

-- `person` is the `kind` of `of_person`, as `submission` said first.
create table link (
    person uuid not null,
    kind text not null,
    of_person uuid not null,
    submission uuid not null,
    primary key (person, kind, of_person)
);
create index link_of_person on link (of_person);
