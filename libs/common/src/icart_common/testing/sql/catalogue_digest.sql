-- Changes with everything that is made, altered or analysed. A copied database has the oids and xmin of the one it was copied from.
with space as (select oid, nspname, xmin from pg_namespace where nspname !~ '^(pg_|information_schema)'),
relation as (select c.oid, c.xmin, c.reltuples from pg_class c join space on space.oid = c.relnamespace),
part as (
    select 'space ' || oid || ' ' || xmin as said from space
    union all select 'relation ' || oid || ' ' || xmin || ' ' || reltuples from relation
    union all select 'column ' || a.attrelid || ' ' || a.attnum || ' ' || a.xmin from pg_attribute a join relation on relation.oid = a.attrelid
    union all select 'trigger ' || t.oid || ' ' || t.xmin from pg_trigger t join relation on relation.oid = t.tgrelid
    union all select 'constraint ' || c.oid || ' ' || c.xmin from pg_constraint c join relation on relation.oid = c.conrelid
    union all select 'policy ' || p.oid || ' ' || p.xmin from pg_policy p join relation on relation.oid = p.polrelid
    union all select 'function ' || p.oid || ' ' || p.xmin from pg_proc p join space on space.oid = p.pronamespace
    union all select 'sequence ' || schemaname || ' ' || sequencename || ' ' || last_value from pg_sequences where last_value is not null
)
select md5(string_agg(said, ',' order by said)) from part
