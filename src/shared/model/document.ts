/* What tells a run's document (docs/formats.md) from any other JSON. */

export const documentFormat = 'corescope-run'
/** Counts up where what was written before can no longer be read as it was meant. */
export const documentVersion = 1
