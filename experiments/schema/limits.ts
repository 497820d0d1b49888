/** Bounds that no honest experiment file meets; they keep a hostile one from taking the machine's memory or time. */

/** Length of a file, in UTF-16 units. */
export const MAX_FILE_LENGTH = 128 * 1024
/** Mappings and lists inside one another. */
export const MAX_DEPTH = 32
/** Values of a document that is handed over as an object. */
export const MAX_VALUES = 50_000
/** Columns before the first character of a line, and of a line's own indicators (`- - -`, `[[[`). */
export const MAX_INDENT = 256
/** Points of a sweep. */
export const MAX_POINTS = 10_000
/** Points and network models times the values of each: what a check of all of them has to read. */
export const MAX_READ_VALUES = 500_000
/** Files that extend one another. */
export const MAX_EXTENDS = 8
/** Mistakes after which the search ends, and that are reported. */
export const MAX_ERRORS = 500
