/**
 * The mode of our sessions, whatever the server's is: text in backticks and single quotes with
 * backslashes, no silent truncation, no engine put in place of another, zero stays zero in an
 * AUTO_INCREMENT column, and old defaults such as '0000-00-00' can be written again.
 */
export const SQL_MODE = "STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,NO_ENGINE_SUBSTITUTION";
