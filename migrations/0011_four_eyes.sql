-- Four eyes: where a rule or an agreement asks for a second officer, nobody releases what he wrote, whatever the program says.

ALTER TABLE statement
  ADD COLUMN second_officer boolean NOT NULL DEFAULT false,
  -- The releaser's act as canonical JSON: who, why, and every point of the checklist that he has confirmed. Its digest is in the log.
  ADD COLUMN release_act text,
  ADD CONSTRAINT four_eyes CHECK (NOT second_officer OR coalesce(author <> releaser, false));

-- Also for what is released later, to others.
ALTER TABLE release
  ADD COLUMN author text,
  ADD COLUMN second_officer boolean NOT NULL DEFAULT false,
  ADD CONSTRAINT four_eyes CHECK (NOT second_officer OR coalesce(author <> released_by, false));

ALTER TABLE draft ADD CONSTRAINT four_eyes CHECK (state <> 'released' OR coalesce(author <> decided_by, false));
