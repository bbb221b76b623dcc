-- What 0025 does for texts, for the messages of campaigns: a library whose first campaign was launched since the last ANALYZE
-- had one message for the planner, and a take of 200 went through all 60,000 of it once for each, which took 7 s.
do $$
declare
  attribute name;
begin
  foreach attribute in array array['library_no', 'campaign_no'] loop
    execute format('alter table mail.message alter column %I set statistics 0', attribute);
    if current_setting('server_version_num')::int >= 180000 then
      perform pg_clear_attribute_stats('mail', 'message', attribute, false);
    end if;
  end loop;
end $$;
