-- What parties say of an agreement after they have signed it, and which of them has been told what (docs/protocol.md section 8).

-- Grows with every signature and every act: two that come at once are written one after the other, and neither is lost. Whoever issues
-- under an agreement holds its row FOR SHARE, so a change waits for him, or he for it.
ALTER TABLE agreement ADD COLUMN revision integer NOT NULL DEFAULT 1;

-- Suspended, resumed, denounced: signed by the party, told to all the others.
CREATE TABLE agreement_act (
  digest digest PRIMARY KEY,
  agreement digest NOT NULL REFERENCES agreement,
  party text NOT NULL,
  seq integer NOT NULL CHECK (seq >= 1),  -- of this party and this agreement
  act text NOT NULL CHECK (act IN ('suspended', 'resumed', 'denounced')),
  jwt text NOT NULL,
  at bigint NOT NULL,
  UNIQUE (agreement, party, seq)
);

-- Between two of the parties: how far their feeds had come when the one learned that the other had denounced.
CREATE TABLE denunciation_answer (
  digest digest PRIMARY KEY,
  denunciation digest NOT NULL REFERENCES agreement_act,
  agreement digest NOT NULL REFERENCES agreement,
  iss text NOT NULL,
  aud text NOT NULL,
  sent_epoch integer NOT NULL,
  sent_position bigint NOT NULL,
  received_epoch integer NOT NULL,
  received_position bigint NOT NULL,
  jwt text NOT NULL,
  at bigint NOT NULL,
  UNIQUE (denunciation, iss)
);

-- What a party has taken in: a text with certain signatures, or an act. What is not here is told again.
CREATE TABLE agreement_told (
  peer text NOT NULL,
  document digest NOT NULL,               -- SHA-256 of the text told
  at bigint NOT NULL,
  PRIMARY KEY (peer, document)
);

DO $$
DECLARE
  application name := current_setting('entente.application_role');
BEGIN
  EXECUTE format('GRANT SELECT, INSERT ON agreement_act, denunciation_answer, agreement_told TO %I', application);
  EXECUTE format('GRANT UPDATE (revision) ON agreement TO %I', application);
END $$;
