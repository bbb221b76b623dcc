-- Texts are always looked up by key within one library, and the planner must not guess otherwise. With statistics of which
-- libraries there are it takes one that came in after the last ANALYZE to have a single text: every index then looks the
-- same to it, and a take of 100 texts walked all of the library's, up to once for each text (14 texts a second left
-- instead of 600). Without them it takes each library to be of middling size, and the narrowest key wins.
do $$
declare
  relation text;
  attribute name;
begin
  foreach relation in array array['mail.text', 'mail.text_event', 'mail.conversation', 'mail.note', 'mail.hook', 'mail.route', 'mail.brought', 'mail.arrival'] loop
    for attribute in select attname from pg_attribute where attrelid = relation::regclass and attname in ('library_no', 'line_no') loop
      execute format('alter table %s alter column %I set statistics 0', relation, attribute);
      -- What is known already must be forgotten, which PostgreSQL can do from 18 on.
      if current_setting('server_version_num')::int >= 180000 then
        perform pg_clear_attribute_stats(split_part(relation, '.', 1), split_part(relation, '.', 2), attribute, false);
      end if;
    end loop;
  end loop;
end $$;
