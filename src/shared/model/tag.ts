import * as z from 'zod'

export const mostTagLength = 100
const mostTags = 50

const allowed = `1 to ${mostTagLength} characters on one line, not a blank at either end`

/** A word or a few that a user gives runs in order to find them together. */
export const tagSchema = z
  .string()
  .min(1, { error: allowed })
  .max(mostTagLength, { error: allowed })
  .refine((tag) => tag === tag.trim() && !/[\r\n\u2028\u2029]/.test(tag), { error: allowed })

/** All tags of a run, each once. */
export const tagsSchema = z
  .array(tagSchema)
  .max(mostTags, { error: `at most ${mostTags} tags` })
  .transform((tags) => [...new Set(tags)])
