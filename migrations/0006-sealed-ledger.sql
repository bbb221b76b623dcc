-- The sealed ledger. Personal details of how a choice was made (evidence) go into the ledger encrypted under a key of
-- each patron; the chain covers the ciphertext. Erasing the key erases the person, and the chain stays whole. The head is
-- signed with a key that lies outside the database, so a chain that was made anew behind our back shows.
alter table outreach.ledger add column form smallint not null default 1, add column sealed bytea;
comment on column outreach.ledger.form is 'what entry_hash covers: 1 = the entry without evidence (until 0006), 2 = all of it and the ciphertext';
alter table outreach.ledger_head add column signature bytea; -- null only of an empty ledger, or where the head before was forged

-- One key a patron, wrapped with a key derived from the key file. Whoever has only the database can open nothing.
create table outreach.patron_key (
  library_no integer not null,
  patron_no  bigint not null,
  wrapped    bytea not null,
  primary key (library_no, patron_no)
);

-- The register of erasures: what has to stay so that somebody erased stays erased. A random number and keyed hashes; it
-- names nobody. It leaves with each exported head, and nothing is ever taken out of it.
create table outreach.erasure (
  library_no integer not null,
  erasure_no bigint generated always as identity,
  patron_no  bigint not null,
  erased_at  timestamptz not null,
  erased_by  text not null,
  id_hash    bytea,                        -- of the library system's own id: an old list must not bring them back
  email_hash bytea,                        -- on the do-not-write list from then on, until they say yes themselves
  phone_hash bytea,
  primary key (library_no, erasure_no),
  unique (library_no, patron_no)
);

call house.fence('outreach.patron_key');
call house.fence('outreach.erasure');

-- Outreach has no right on either: it can open nothing, and learns nothing of who asked to be forgotten.
grant select, insert, delete on outreach.patron_key to gentle_circulation;
grant select, insert on outreach.erasure to gentle_circulation;
grant delete on roster.patron to gentle_circulation;
grant update (facts) on mail.message to gentle_circulation;
grant update (said) on mail.event to gentle_circulation;
-- Messages of campaigns are found by campaign and patron; this is the way to the others.
create index message_by_patron on mail.message (library_no, patron_no) where campaign_no is null;

-- Standing of somebody who chose something goes only once their erasure stands in the register.
drop policy never_chose on outreach.standing;
create policy never_chose_or_erased on outreach.standing as restrictive for delete to gentle_circulation
  using (0 = all (array[agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post])
         or exists (select from outreach.erasure e where e.library_no = standing.library_no and e.patron_no = standing.patron_no));
