/** An event that a listener can refuse. */
export function refusable<Parameters extends object>(
  parameters: Parameters,
): Electron.Event<Parameters> {
  let isRefused = false
  return {
    ...parameters,
    preventDefault() {
      isRefused = true
    },
    get defaultPrevented() {
      return isRefused
    },
  }
}
