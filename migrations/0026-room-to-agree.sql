-- Room on each page of standing for those of its people who will agree: their new rows then stay beside their neighbours.
-- Patrons come in in the order of their last use, which is the order in which groups are counted and launched; without
-- room a third of them moved elsewhere one by one as they agreed, and a preview touched four times as many pages.
alter table outreach.standing set (fillfactor = 65);
