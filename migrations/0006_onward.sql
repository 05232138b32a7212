-- A release of what another agency has signed rests on that agency's consent, and does not leave once that was withdrawn.
ALTER TABLE release ADD COLUMN consent digest;
