-- A fresh code belongs to the very link that asked for it, so that whoever was passed one message cannot use up the codes
-- and the tries of its reader, who comes by another link. And behind a code a cardholder proves the card as well.

alter table outreach.fresh_code
  add column message_no bigint not null default 0,             -- of the link; 0 = a link that was asked for
  add column asked_at timestamptz[] not null default '{}',     -- when codes left for this link, within a day
  add column card_tries_left smallint not null default 0 check (card_tries_left >= 0),
  drop constraint fresh_code_pkey,
  add primary key (library_no, patron_no, address_hash, message_no);
