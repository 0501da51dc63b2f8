/** Memory of two threads through which payloads go to and fro, one at a time. */
export interface SharedPayload {
  /** Lays bytes into it and has the other side begin. */
  give(bytes: Uint8Array): void
  /**
   * Blocks until the other side has given, and takes the bytes out, into memory that is there for that.
   *
   * @returns null where that took longer than `patienceMs`
   */
  take(patienceMs?: number): Uint8Array | null
}

/** Whose turn it is, and how many bytes lie in the memory. */
const turnAt = 0
const lengthAt = 1
const headerBytes = 8

export function sharedMemory(size: number): SharedArrayBuffer {
  return new SharedArrayBuffer(headerBytes + size)
}

/** @param side 0 begins */
export function sharedPayload(memory: SharedArrayBuffer, side: 0 | 1): SharedPayload {
  const header = new Int32Array(memory, 0, 2)
  const payload = new Uint8Array(memory, headerBytes)
  const own = new Uint8Array(payload.length)
  const other = 1 - side
  return {
    give(bytes) {
      payload.set(bytes)
      Atomics.store(header, lengthAt, bytes.length)
      Atomics.store(header, turnAt, other)
      Atomics.notify(header, turnAt, 1)
    },
    take(patienceMs = Number.POSITIVE_INFINITY) {
      while (Atomics.load(header, turnAt) !== side) {
        if (Atomics.wait(header, turnAt, other, patienceMs) === 'timed-out') return null
      }
      const length = Atomics.load(header, lengthAt)
      own.set(length === payload.length ? payload : payload.subarray(0, length))
      return length === own.length ? own : own.subarray(0, length)
    },
  }
}
