import { expect, it, vi } from 'vitest'
import { onStopSignal } from '../../src/cli/stop-signal.ts'

it('a request to stop that comes twice is one for two seconds, and then ends the app at once', () => {
  // Nothing of the signals of this process itself, which the tests need.
  const handlers = new Map<string | symbol, () => void>()
  vi.spyOn(process, 'on').mockImplementation((signal, handle) => {
    handlers.set(signal, handle as () => void)
    return process
  })
  vi.spyOn(process, 'off').mockImplementation((signal) => {
    handlers.delete(signal)
    return process
  })
  const exit = vi.spyOn(process, 'exit').mockImplementation((() => {}) as never)
  const clock = vi.spyOn(performance, 'now').mockReturnValue(1000)
  try {
    const stop = vi.fn()
    const release = onStopSignal(stop)
    expect([...handlers.keys()]).toEqual(['SIGINT', 'SIGTERM', 'SIGHUP'])
    handlers.get('SIGINT')?.()
    clock.mockReturnValue(3000)
    handlers.get('SIGINT')?.()
    expect(exit).not.toHaveBeenCalled()
    clock.mockReturnValue(3001)
    handlers.get('SIGTERM')?.()
    expect(exit).toHaveBeenCalledExactlyOnceWith(130)
    expect(stop).toHaveBeenCalledOnce()
    release()
    expect(handlers.size).toBe(0)
  } finally {
    vi.restoreAllMocks()
  }
})
