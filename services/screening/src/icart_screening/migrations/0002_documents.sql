-- How documents stand, as intake says; what they are called and what is in them is intake's (IN-14).
create table document (
    id uuid primary key,
    submission uuid not null,
    state text not null,
    reason text,
    kind text,
    at timestamptz not null
);

-- Whose record lists them.
create table contact_document (
    contact uuid not null,
    document uuid not null,
    primary key (contact, document)
);

-- Documents that are added to a submission later are in the records of all its contacts.
create table submission_document (
    submission uuid not null,
    document uuid not null,
    primary key (submission, document)
);
create index contact_submission on contact (((state -> 'arrival' ->> 'submission')::uuid));
