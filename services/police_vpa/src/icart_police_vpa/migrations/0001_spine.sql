-- One row an assessment, under the force's id. The whole is in `state`, what was proposed beside what was decided; the columns
-- beside it are what work is found and queued by.
create table vpa (
    id uuid primary key,
    authority text not null,
    agency text not null,
    pack_version text not null,
    grade text not null check (grade in ('standard', 'medium', 'high')),
    version integer not null,
    status text not null check (status in ('recorded', 'proposed', 'secondary', 'closed', 'referred')),
    received_at timestamptz not null,
    state jsonb not null
);
-- The referral unit's queue, oldest first.
create index vpa_queue on vpa (authority, status, received_at, id) where status in ('recorded', 'proposed', 'secondary');
