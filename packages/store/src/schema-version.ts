/** Number of the last migration that this program was made for. */
export const schemaVersion = 18;
