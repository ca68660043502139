-- A full load ($1, $2, as of $3) is complete: whom it left out, and who was last heard of before it began, is no longer held.
-- Nobody is deleted. Unless it was accepted ($4), nothing is done when they are more than a share ($5) of those who are held,
-- and more than so many ($6).
with left_out as materialized (
    select h.number, h.person, h.as_of is not null and (h.gone_as_of is null or h.heard_as_of >= h.gone_as_of) as was_held
    from held_person h
    where h.authority = $1 and (h.heard_as_of is null or h.heard_as_of < $3) and (h.gone_as_of is null or h.gone_as_of < $3)
      and not exists (
          select from full_load_person p where p.authority = $1 and p.load = $2 and p.number = h.number
      )
), held as (
    select count(*) from held_person h
    where h.authority = $1 and h.as_of is not null and (h.gone_as_of is null or h.heard_as_of >= h.gone_as_of)
), counted as materialized (
    select count(*) as left_out, $4::boolean or count(*) <= greatest($6::int, $5::float8 * (select * from held)) as done
    from left_out where was_held
), gone as (
    update held_person h set gone_as_of = $3 from left_out
    where (select done from counted) and h.authority = $1 and h.number = left_out.number
), standing as (
    update person set standing = standing - 'case' - 'services'
    from left_out
    where (select done from counted) and person.id = left_out.person and (standing ? 'case' or standing ? 'services')
), feed as (
    update case_feed set complete_as_of = greatest(complete_as_of, $3) where (select done from counted) and authority = $1
), forgotten as (
    delete from full_load_person where (select done from counted) and authority = $1 and load = $2
)
select left_out, done from counted
