import { resolve } from 'node:path'

/**
 * The plan that the app was started with, as `corescope plan.json` or by dropping it onto its icon.
 * Only what ends in .json is one: Electron and those who start it add arguments of their own.
 *
 * @param folder that a relative path starts from
 */
export function planArgument(args: readonly string[], folder: string): string | null {
  const path = args.find((each) => !each.startsWith('-') && /\.json$/i.test(each))
  return path === undefined ? null : resolve(folder, path)
}
