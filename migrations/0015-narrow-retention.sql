-- The sweep reaches what it left behind so far: the lots of old mailings, whom they left alone to compare. A lot of a
-- mailing that is still being compared cannot be deleted, whatever the schedule says.
grant delete on outreach.holdout to gentle_circulation;
create policy compared_only on outreach.holdout as restrictive for delete to gentle_circulation
  using (campaign_no = any (array(select c.campaign_no from outreach.campaign c
         where c.library_no = (select house.current_library()) and c.launched_at < now() - interval '89 days')));
