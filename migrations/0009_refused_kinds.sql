-- What a signed page says of a release before it comes: an agency that does not take its kind refuses it unread.
ALTER TABLE page_entry ADD COLUMN kind text;
