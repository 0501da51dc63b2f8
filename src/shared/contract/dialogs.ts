import { method, nothing } from './method.ts'

/** What is chosen on the disk of who sits before the desktop app. */
export const dialogMethods = {
  /** Lets the user choose a plan's file in a native dialog; null where they did not. Desktop alone. */
  openPlan: method<unknown>()(nothing),
  /** Lets the user choose a module of their own in a native dialog: its path; null where they did not. Desktop alone. */
  openModule: method<string | null>()(nothing),
} as const
