/** PostgreSQL's index of tags takes 2,700 bytes; letters have up to four. */
export const maxTagLength = 512;
/** Characters of a TEXT. */
export const maxText = 4096;
/** Of an OBJECT as JSON. */
export const maxObjectBytes = 8 * 1024;
export const maxObjectDepth = 5;
/** More would be a file or a program gone wrong, and every one of them shows in every choice of attributes. */
export const maxAttributes = 1_000;
