-- Each row follows from one message. Its place is the order in which an agency reads what it is told: within a topic's partition,
-- which holds all that is said about one submission, nothing is ever put before what was read already.
create table for_agency (
    agency       text not null,
    topic        text not null,
    partition    int not null,
    "offset"     bigint not null,
    subject      uuid,                   -- the agency's own id of what it sent
    correlation  uuid not null,          -- the place of what it sent
    at           timestamptz not null,
    type         text not null,
    told         jsonb not null,         -- what the agency may know of it, and nothing else
    primary key (agency, topic, partition, "offset")
);
create index for_agency_subject on for_agency (agency, subject) where subject is not null;
create index for_agency_correlation on for_agency (correlation);
