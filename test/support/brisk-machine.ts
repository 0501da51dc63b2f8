/** This machine, its load watched for an instant: that is for who measures, and a test has many runs. */
export const briskMachine = { loadWindowMs: 20 } as const
