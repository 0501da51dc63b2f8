import { parentPort, workerData } from 'node:worker_threads'
import { loadWorkload } from '../workloads/catalogue.ts'
import type { ExpectationRequest } from './expectation.ts'

/* A thread beside the app's own, so that the app stays responsive while checksums are found. */
const { workload, parameters, seed } = workerData as ExpectationRequest
loadWorkload(workload)
  .then(({ expected }) => expected(parameters, seed))
  .then((expected) => parentPort?.postMessage(expected))
