-- A full load is complete: whom it left out, and who was last heard of before it began, is no longer held. Nobody is deleted.
with left_out as (
    update held_person h set gone_as_of = $3
    from held_person before
    where h.authority = $1 and (before.authority, before.number) = (h.authority, h.number)
      and (h.heard_as_of is null or h.heard_as_of < $3) and (h.gone_as_of is null or h.gone_as_of < $3)
      and not exists (
          select from full_load_person p where p.authority = $1 and p.load = $2 and p.number = h.number
      )
    returning h.person, h.as_of is not null and (before.gone_as_of is null or h.heard_as_of >= before.gone_as_of) as was_held
), standing as (
    update person set standing = standing - 'case' - 'services'
    from left_out where person.id = left_out.person and (standing ? 'case' or standing ? 'services')
), feed as (
    update case_feed set complete_as_of = greatest(complete_as_of, $3) where authority = $1
), forgotten as (
    delete from full_load_person where authority = $1 and load = $2
)
select count(*) from left_out where was_held
