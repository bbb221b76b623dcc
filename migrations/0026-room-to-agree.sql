-- Room on each page of standing for those of its people who will agree: their new rows then stay beside their neighbours.
-- Patrons come in in the order of their last use, which is the order in which groups are counted and launched; with
-- less room a third of them moved elsewhere one by one as they agreed: a preview of 102,000 among a million touched 9,900 pages
-- at a fill of 85, and 4,400 at this.
alter table outreach.standing set (fillfactor = 65);
