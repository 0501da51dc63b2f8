/** Longer than any trial may take, in ms. */
export const longestMs = 1e9

/** More than any figure comes to: with larger ones, sums and units would end in Infinity. */
export const mostFigure = 1e18
