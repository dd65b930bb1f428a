-- What a gateway has to have applied for a lent slot to have been delivered: the gateway's desired_version with which the
-- slot was lent. Later changes of the slot move `revision` and leave this; NULL: never lent, or before this was kept.
ALTER TABLE slots ADD COLUMN lent_revision bigint;
GRANT UPDATE (lent_revision) ON slots TO tollgate_engine, tollgate_door;
