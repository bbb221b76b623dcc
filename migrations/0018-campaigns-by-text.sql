-- Campaigns by text. The gate asks about a phone what it asks about an address, households are found through either
-- channel so that the budget is one, and a message by text keeps what its provider's later word is found by.

-- What is known of a phone here is a keyed hash, and outreach needs it to obey a stop: suppressions are kept under it. The
-- number itself comes through roster.reachable alone, for the purpose and the channel agreed to.
grant select (phone_hash) on outreach.standing to gentle_outreach;

-- Whoever agreed to texts alone is of the household, too: what one of them was sent counts for all.
drop index outreach.standing_by_household;
create index standing_by_household on outreach.standing (library_no, household) where agreed_email <> 0 or agreed_sms <> 0;

-- As before, and the phone's hash of people who agreed to texts: empty where it is none of outreach's business, null where
-- there is none.
create or replace view roster.headcount with (security_barrier = true) as
  select library_no, last_use, missing, status, branch, category, language,
         case when agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0 then minor_until
              else (date_trunc('month', minor_until::timestamp) + interval '1 month')::date end as minor_until,
         case when agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0 then expires_on
              else (date_trunc('month', expires_on::timestamp) + interval '1 month - 1 day')::date end as expires_on,
         email_given, email_usable, identity_known,
         case when agreed_email <> 0 then email_hash end as email_hash,
         case when agreed_email <> 0 or agreed_sms <> 0 then household end as household,
         agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until,
         prompted_at, prompts_unanswered, unasked_at, unasked_before_at, topics, has_card,
         agreed_email_on, agreed_sms_on, agreed_post_on, own_pace_days,
         case when agreed_sms <> 0 then phone_hash when phone_hash is not null then ''::bytea end as phone_hash
  from outreach.standing;

-- Outreach and notices never share a number.
alter table house.line add column for_outreach boolean not null default false;

-- A text longer than so many parts is refused, or cut at words where its author said so.
alter table outreach.campaign
  add column most_parts smallint not null default 1 check (most_parts between 1 and 4),
  add column cut_long boolean not null default false;

-- Of a message by text: the line it left by, the phone's hash (the first text to a phone says who writes), and what the
-- provider calls it.
alter table mail.message add column line_no integer, add column phone_hash bytea, add column provider_id text;
create index message_by_phone on mail.message (library_no, phone_hash, line_no) where phone_hash is not null;
create index message_by_provider_id on mail.message (library_no, line_no, provider_id) where provider_id is not null;
grant update (phone_hash) on mail.message to gentle_circulation; -- to forget somebody
