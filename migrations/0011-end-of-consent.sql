-- A yes may come to an end by age, where a library wants it so. Standing gets the day of the oldest yes in force for
-- each channel: derived from the ledger like the masks, and null where there is none.
alter table outreach.standing
  add column agreed_email_on date,
  add column agreed_sms_on date,
  add column agreed_post_on date;

-- Whatever columns headcount has by now, and these behind them: they say when somebody agreed, and not who.
do $$
declare kept text := regexp_replace(pg_get_viewdef('roster.headcount'), '\s+FROM outreach\.standing;?\s*$', '');
begin
  execute 'create or replace view roster.headcount with (security_barrier = true) as '
    || kept || ', agreed_email_on, agreed_sms_on, agreed_post_on from outreach.standing';
end $$;

-- Those who agreed before are derived anew; until then sending passes them over. One library at a time, because the
-- owner, too, sees nothing without stating one.
do $$
declare one record;
begin
  for one in select library_no from house.library loop
    perform set_config('gentle.library', one.library_no::text, true);
    insert into outreach.stale (library_no, patron_no)
    select s.library_no, s.patron_no from outreach.standing s
    where s.library_no = one.library_no and (s.agreed_email <> 0 or s.agreed_sms <> 0 or s.agreed_post <> 0);
  end loop;
  perform set_config('gentle.library', '', true);
end $$;
