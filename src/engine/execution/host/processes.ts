import { fork } from 'node:child_process'
import type { WorkerToHost } from '../protocol.ts'
import type { ExecutionModel } from './model.ts'

export const processes: ExecutionModel = {
  start(program, listener, { clones } = { clones: false }) {
    // What the user's own tasks take and return is cloned as it is for a thread.
    const serialization = clones ? 'advanced' : 'json'
    // Without execArgv of its own a worker would inherit the flags of whoever started the host.
    const worker = fork(program, { execArgv: [], serialization })
    let ended = false
    const end = (how: string | null) => {
      if (ended) return
      ended = true
      listener.exited(how)
    }
    worker.on('message', (message) => listener.message(message as WorkerToHost))
    worker.on('error', (cause) => end(cause.message))
    worker.on('exit', (code, signal) =>
      end(signal === null ? (code === 0 ? null : `exit code ${code}`) : `signal ${signal}`),
    )
    return {
      // A worker that has just died is heard of by its exit, not by a failed send.
      send: (message) => void worker.send(message, () => {}),
      kill: () => void worker.kill('SIGKILL'),
    }
  },
}
