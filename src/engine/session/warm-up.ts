import { RowBuilder } from '../../shared/sample-row.ts'
import { monotonicMs } from '../clock.ts'
import type { CrewReport } from '../execution/protocol.ts'
import { packSamples } from '../storage/sample-codec.ts'
import { TrialRecorder } from './recorder.ts'

/** So often, and no longer than so many ms: after that the code of the recorder is compiled. */
const rounds = 400
const mostMs = 60
const roundsPerKeep = 10

/**
 * Records a made-up trial and forgets it. A recorder has some ten samples a second: uncompiled, and
 * compiled bit by bit beside the work, it takes twice the time, and the first trials of a run were
 * disturbed more than the last.
 */
export function warmUpRecording(workers: number, cores: number): void {
  const from = monotonicMs()
  const trial = { model: 'processes', workers, cores, usableCores: cores, startedAt: 0 } as const
  const recorder = new TrialRecorder(trial)
  recorder.beginPhase('work', 0)
  const rows = { machine: new RowBuilder(), processes: new RowBuilder() }
  for (let round = 1; round <= rounds && monotonicMs() - from < mostMs; round++) {
    const at = 100 * round
    for (let core = 0; core < cores; core++) rows.machine.put(`core.${core}.busy`, 0.5)
    recorder.addSample({ stream: 'machine', at, dt_ms: 100, ...rows.machine.take() })
    for (let worker = 0; worker < workers; worker++) {
      rows.processes.put(`process.${worker}.rss_bytes`, 1e6)
      rows.processes.put(`worker.${worker}.cpu_share`, 0.5)
      rows.processes.put(`worker.${worker}.last_core`, worker % cores)
    }
    recorder.addSample({ stream: 'processes', at, dt_ms: 100, ...rows.processes.take() })
    const each = <T>(value: T): T[] => new Array<T>(workers).fill(value)
    const crew: CrewReport = {
      at: each(at),
      tasks: each(round),
      cpuMs: each(at / 2),
      rssBytes: each(1e6),
      heapUsedBytes: each(1e6),
      isDone: each(false),
    }
    recorder.addReport({ type: 'report', at, rssBytes: 1e6, cpuMs: at / 2, workers: crew })
    recorder.takeReading(null)
    if (round % roundsPerKeep === 0) {
      recorder.keep((batches) => {
        for (const { samples } of batches) packSamples(samples)
      })
    }
  }
}
