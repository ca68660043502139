-- From events.intake: what became of each submission. Its referrer holds the reference, which no contact need have.
create table submission (
    id               uuid primary key,
    authority        text not null,
    reference        text not null,      -- of a written form that of its call
    agency           text not null,
    received_at      timestamptz not null,
    state            text not null,      -- taken, advice, returned
    asked            text[] not null,    -- of the referrer, where no contact was opened
    missing          text[] not null,    -- what one that was returned has to bring: plan, tool
    tools            text[] not null,    -- of which one has to come
    call_police_now  boolean not null
);
create index submission_reference on submission (authority, reference);

-- From events.intake: notices that joined the contact of another sender's, each with a reference of its sender's own.
create table joined_notice (
    notice      uuid primary key,
    authority   text not null,
    reference   text not null,
    submission  uuid not null,
    contact     uuid not null            -- that it joined
);
create index joined_notice_reference on joined_notice (authority, reference);
create index joined_notice_submission on joined_notice (submission);

-- From events.intake: children with an open case, whose worker was told instead.
create table redirection (
    id           uuid primary key,
    authority    text not null,
    submission   uuid not null,
    person       uuid not null,          -- our id of the child
    given_name   text,
    family_name  text,
    worker       text,                   -- as the case system names them
    team         text
);
create index redirection_submission on redirection (submission);

-- From events.screening: checks that agencies were asked for, each with the reference that the agency quotes.
create table question (
    check_id   uuid primary key,         -- the undertaking
    authority  text not null,
    reference  text not null,
    contact    uuid not null
);
create index question_reference on question (authority, reference);
