/*
 * Your own code, to be run inline, in threads and in processes:
 *
 *   corescope run --workload ./my-task.mjs --models inline,threads,processes
 *
 * It runs as it is, with your rights. Only `task` must be there; docs/your-own-code.md says more.
 * This one looks for the number with the longest Collatz sequence in a range.
 */

/**
 * Does one task. Its input travels to the worker and what it returns travels back, so that both should
 * be small beside the work.
 *
 * @param context `index` of the task, `worker`, `workers`, `seed`, and what `setup()` has returned
 */
export function task({ from, to }, { setup: known }) {
  let longest = { start: from, steps: 0 }
  for (let start = from; start < to; start++) {
    const steps = stepsFrom(start, known)
    if (steps > longest.steps) longest = { start, steps }
  }
  return longest
}

/** The inputs, made once, at most `n` of them; tasks take them in turn. Without it a task gets its index. */
export function inputs(n) {
  return Array.from({ length: n }, (_, i) => ({ from: 1 + i * 5000, to: 1 + (i + 1) * 5000 }))
}

/** Is called once in each worker, before the clock starts. */
export function setup() {
  const known = new Uint16Array(1000)
  for (let start = 2; start < known.length; start++) known[start] = stepsFrom(start, known)
  return known
}

/** Whether an output is right; a wrong one makes the whole trial void. */
export function check({ start, steps }, { from, to }) {
  return start >= from && start < to && stepsFrom(start, []) === steps
}

function stepsFrom(start, known) {
  let steps = 0
  for (let number = start; number > 1; steps++) {
    if (number < start && known[number] > 0) return steps + known[number]
    number = number % 2 === 0 ? number / 2 : 3 * number + 1
  }
  return steps
}
