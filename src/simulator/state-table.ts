/** The SQL table that stores the simulator's records, in the Durable Object and in `npm run meta -- start`. */

export const CREATE_RECORDS = `CREATE TABLE IF NOT EXISTS records (
  collection TEXT NOT NULL,
  id TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (collection, id)
) STRICT, WITHOUT ROWID`;
export const READ_RECORDS = "SELECT collection, id, value FROM records";
export const WRITE_RECORD = "INSERT OR REPLACE INTO records (collection, id, value) VALUES (?, ?, ?)";
export const REMOVE_RECORD = "DELETE FROM records WHERE collection = ? AND id = ?";

export interface StoredRecord {
  collection: string;
  id: string;
  value: string;
}
