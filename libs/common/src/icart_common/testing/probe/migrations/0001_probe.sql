create table heard (
    ordinal bigint generated always as identity primary key,
    id uuid not null,
    clock uuid not null,
    said text not null
);
