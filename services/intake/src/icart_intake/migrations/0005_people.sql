-- Known people: `facts` is what is compared, from the case system's word (`held`) and the mentions. Somebody who was merged
-- points to the one who stays; `root` is where the pointers end. Nothing else of a merge is written here.
alter table person add column held jsonb;
alter table person add column homes jsonb not null default '[]';
alter table person add column merged_into uuid;
alter table person add column root uuid;
update person set held = facts where number is not null;
create index person_root on person (root) where root is not null;

-- What two instances that name the same person meet on. Candidates are looked for in `person_block`.
alter table person_key drop column people;

-- Where to look for a person: digests (domain/matching/blocks.py). Rows are only added; a stale one costs a comparison.
create table person_block (
    block bigint not null,
    person uuid not null,
    primary key (block, person)
);

-- Everybody whom a submission named, as it said it, and to whom that was put last.
create table mention (
    id uuid primary key,
    authority text not null,
    submission uuid not null,
    ref text not null,
    at timestamptz not null,
    described jsonb not null,
    facts jsonb not null,
    person uuid not null,
    number integer not null
);
create index mention_person on mention (person, at, id);

-- Every time that a mention was put to somebody, by the machine (with terms and weights) or by a person (with a reason).
create table put (
    mention uuid not null,
    number integer not null,
    person uuid not null,
    at timestamptz not null,
    because uuid not null,
    by jsonb,
    reason text,
    weights text,
    score real,
    terms jsonb,
    primary key (mention, number)
);

-- Two people who may be one. A decision is remembered with a digest of what was known of both.
create table match_pair (
    one uuid not null,
    other uuid not null,
    id uuid not null unique,
    authority text not null,
    state text not null check (state in ('open', 'same', 'not-same', 'withdrawn')),
    version integer not null,
    score real not null,
    terms jsonb not null,
    weights text not null,
    at timestamptz not null,
    mention uuid,
    known uuid,
    primary key (one, other),
    check (one < other)
);
create index match_pair_other on match_pair (other);

-- Merges as they were proposed, made and undone.
create table merge (
    id uuid primary key,
    authority text not null,
    stays uuid not null,
    goes uuid not null,
    state text not null check (state in ('proposed', 'merged', 'refused', 'undone')),
    version integer not null,
    proposed jsonb not null,    -- by whom, when, why, after which offer
    merged_at timestamptz
);
create index merge_stays on merge (stays);
create index merge_goes on merge (goes);

-- A mention's person is the `kind` of another mention's; without a kind, who is said to hold parental responsibility.
drop table link;
create table relation (
    mention uuid not null,
    of_mention uuid not null,
    kind text not null,
    since date,
    until date,
    responsibility boolean,
    primary key (mention, of_mention, kind)
);
create index relation_of on relation (of_mention);
create view link as
    select m.person, r.kind, o.person as of_person
    from relation r join mention m on m.id = r.mention join mention o on o.id = r.of_mention
    where r.responsibility is null;

-- Who was ever said to live at an address (a digest); `person.homes` says whether they do now.
create table residence (
    key bigint not null,
    person uuid not null,
    primary key (key, person)
);

-- Which mention a contact is about, and what went to the worker of an open case.
alter table contact add column mention uuid;
create table redirection (
    id uuid primary key,
    mention uuid not null,
    submission uuid not null,
    reference text not null,
    at timestamptz not null
);
create index redirection_mention on redirection (mention);
create index contact_mention on contact (mention);
