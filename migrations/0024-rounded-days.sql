-- Headcount rounds the days of people who agreed to nothing to spans of 31 days instead of months: as little to tell a
-- birthday from, and a sum of whole numbers where a month takes a walk through the calendar, twice for each person that a
-- preview counts. Nobody is grown up, and no card is over, too early by it.
create or replace view roster.headcount with (security_barrier = true) as
  select library_no, last_use, missing, status, branch, category, language,
         case when agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0 then minor_until
              else date '1900-01-01' + ((minor_until - date '1900-01-01') / 31 + 1) * 31 end as minor_until,
         case when agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0 then expires_on
              else date '1900-01-01' + ((expires_on - date '1900-01-01') / 31 + 1) * 31 - 1 end as expires_on,
         email_given, email_usable, identity_known,
         case when agreed_email <> 0 then email_hash end as email_hash,
         case when agreed_email <> 0 or agreed_sms <> 0 then household end as household,
         agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until,
         prompted_at, prompts_unanswered, unasked_at, unasked_before_at, topics, has_card,
         agreed_email_on, agreed_sms_on, agreed_post_on, own_pace_days,
         case when agreed_sms <> 0 then phone_hash when phone_hash is not null then ''::bytea end as phone_hash
  from outreach.standing;
