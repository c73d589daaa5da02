import { performance } from 'node:perf_hooks'

/** One step of a check: what a person reads, and what runs; `run` answers whether it passed. */
export interface Step {
  readonly zh: string
  readonly en: string
  readonly run: () => Promise<boolean>
}

/** Runs every step even after a failure, each with a heading, its time and its result; answers the failed ones. */
export const runSteps = async (steps: readonly Step[], say: (line: string) => void): Promise<readonly Step[]> => {
  const failed: Step[] = []
  for (const [index, step] of steps.entries()) {
    say(`\n[${index + 1}/${steps.length}] ${step.zh} / ${step.en}`)
    const from = performance.now()
    const passed = await step.run()
    if (!passed) failed.push(step)
    say(`${passed ? '通过 / passed' : '失败 / FAILED'}: ${step.en}, ${((performance.now() - from) / 1000).toFixed(1)} s`)
  }
  return failed
}
