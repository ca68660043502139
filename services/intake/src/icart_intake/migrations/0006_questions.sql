-- What was asked about each submission that was taken, and what came of it (IN-3). `state` is the whole of it.
create table asked (
    submission uuid primary key,
    authority text not null,
    agency text not null,
    asked_at timestamptz not null,
    state jsonb not null
);
create index asked_agency on asked (authority, agency, asked_at);

-- Where to look for a telephone call whose written form may still come (IN-9), by the person whom it was about.
create table form_awaited (
    person uuid not null,
    submission uuid not null,
    until timestamptz not null,
    primary key (person, submission)
);

-- Professionals' referrals that were returned with advice (IN-11): nothing of them is lost, and they are counted.
create table returned (
    submission uuid primary key,
    authority text not null,
    agency text not null,
    received_at timestamptz not null,
    missing text[] not null,
    people uuid[] not null,
    account jsonb not null
);
create index returned_agency on returned (authority, agency, received_at);
