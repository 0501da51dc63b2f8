import { setFlagsFromString } from 'node:v8'
import type { Failure } from '../../../shared/model/failure.ts'
import { monotonicMs } from '../../clock.ts'

const MiB = 2 ** 20

/** What a worker tells while it fails. */
export type FailingReport =
  /** It fails now, or goes on to. */
  | { readonly type: 'failing'; readonly at: number }
  /** It holds all that it was to leak. */
  | { readonly type: 'leaked'; readonly at: number }

/** Fails in a way. What is done here ends the worker, or whatever it is part of. */
export type WayToFail = (tell: (report: FailingReport) => void, leakBytes: number) => void

/** Nobody handles what these raise: that is the point. */
export const waysToFail: Readonly<Record<Failure, WayToFail>> = {
  'unhandled error': () => {
    setTimeout(() => {
      throw new Error('thrown in a timer')
    }, 0)
  },
  'unhandled rejection': () => void Promise.reject(new Error('rejected')),
  'process.exit': () => process.exit(7),
  // In a thread Node refuses: what fails there is the call.
  'process.abort': () => process.abort(),
  'out of memory, own limit': growBitByBit,
  'out of memory, no own limit': growBitByBit,
  'out of memory, at once': growAtOnce,
  'native crash': followBadPointer,
  'endless loop': () => {
    for (;;);
  },
  leak,
}

/** Garbage that is held, piece by piece: between two pieces V8 can end the worker in an orderly way. */
function growBitByBit(tell: (report: FailingReport) => void): void {
  const held: unknown[] = []
  const step = () => {
    held.push(piece(MiB))
    tell({ type: 'failing', at: monotonicMs() })
    setImmediate(step)
  }
  step()
}

/** One call makes some 200 MB out of 12: inside it V8 cannot stop, and ends the whole process at its limit. */
function growAtOnce(): void {
  JSON.parse(`[${'[],'.repeat(4_000_000)}0]`)
}

/**
 * A segmentation fault (an access violation on Windows) by the worker's own machine code, as a faulty
 * addon makes it: a function of V8 that takes strings and checks nothing is given a number, which it
 * follows as an address. No address space reaches there.
 */
function followBadPointer(): void {
  setFlagsFromString('--allow-natives-syntax')
  new Function('%StringAdd(0x3fffffff, 0x3fffffff)')()
}

/** What is leaked stays reachable as long as the worker lives. */
const leaked: unknown[] = []
const leakedAtATime = 4

function leak(tell: (report: FailingReport) => void, bytes: number): void {
  const step = () => {
    for (let count = 0; count < leakedAtATime; count++) leaked.push(piece(MiB))
    if (leaked.length * MiB < bytes) setImmediate(step)
    else tell({ type: 'leaked', at: monotonicMs() })
  }
  step()
}

/** A list of numbers on the JavaScript heap, as small as many objects are, and copied to leave no garbage. */
const list = Array.from({ length: 2048 }, (_, index) => index + 0.5)
const listBytes = 8 * list.length

function piece(bytes: number): unknown {
  return Array.from({ length: bytes / listBytes }, () => list.slice())
}
