-- What this agency lets each partner have whatever was agreed: the highest classification that the link carries, and the ground on which
-- personal data are transferred there.
ALTER TABLE peer
  ADD COLUMN ceiling text NOT NULL DEFAULT 'NONE' CHECK (ceiling IN ('NONE', 'RESTRICTED', 'CONFIDENTIAL', 'SECRET', 'TOP_SECRET')),
  ADD COLUMN transfer_basis text NOT NULL DEFAULT 'SAFEGUARDS_INSTRUMENT';

-- Pseudonyms of those who alone may read it; NULL: nobody is named, and the purposes decide.
ALTER TABLE received ADD COLUMN readers json;
