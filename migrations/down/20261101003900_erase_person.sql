-- The way back from 20261101003900_erase_person.sql.
drop function public.erase_person(p_email text);
drop function otis.erase_person_of(p_owner uuid, p_email text);
