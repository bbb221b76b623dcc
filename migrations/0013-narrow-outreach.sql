-- The login that sends reads no more than sending asks. It had been given whole tables where it needs a few columns.

-- The audit says who looked at whom, and is no business of whoever sends; nor may the sending program write into it.
revoke all on desk.audit from gentle_outreach;

-- Of the ledger: on which day somebody said yes to what they are written to about. No evidence, no witness, no way of
-- choosing, and no no. Not tied to standing: while PostgreSQL believes that nobody has agreed, it would walk a whole
-- index of standing for each entry. So the day of a yes of somebody erased stays, under a number that leads to nobody.
revoke all on outreach.ledger from gentle_outreach;
grant select (library_no, patron_no, purpose, channel, decision, decided_at) on outreach.ledger to gentle_outreach;
create policy yes_only on outreach.ledger as restrictive for select to gentle_outreach using (decision = 'grant');

-- Of standing: what the rules of the gate, a segment and the take look at. No card and no phone.
revoke all on outreach.standing from gentle_outreach;
grant select (library_no, patron_no, last_use, missing, status, branch, category, language, minor_until, expires_on,
    email_given, email_usable, email_hash, address_shared, household, identity_known,
    agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until,
    prompted_at, prompts_unanswered, unasked_at, unasked_before_at, touched_by, topics, has_card,
    agreed_email_on, agreed_sms_on, agreed_post_on, own_pace_days, own_language),
  update (prompted_at, prompts_unanswered, unasked_at, unasked_before_at, touched_by)
  on outreach.standing to gentle_outreach;

-- Headcount shows days only of people who agreed to something. Of all others it shows months, because a child's 18th
-- birthday is a birthday and the day a card ends often is one: minor until the first of the month after (nobody is grown
-- up too early by it), valid until the last of the month. They are held back in any case: no yes of theirs is in force.
create or replace view roster.headcount with (security_barrier = true) as
  select library_no, last_use, missing, status, branch, category, language,
         case when agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0 then minor_until
              else (date_trunc('month', minor_until::timestamp) + interval '1 month')::date end as minor_until,
         case when agreed_email <> 0 or agreed_sms <> 0 or agreed_post <> 0 then expires_on
              else (date_trunc('month', expires_on::timestamp) + interval '1 month - 1 day')::date end as expires_on,
         email_given, email_usable, identity_known,
         case when agreed_email <> 0 then email_hash end as email_hash,
         case when agreed_email <> 0 then household end as household,
         agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until,
         prompted_at, prompts_unanswered, unasked_at, unasked_before_at, topics, has_card,
         agreed_email_on, agreed_sms_on, agreed_post_on, own_pace_days
  from outreach.standing;
