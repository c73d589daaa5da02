import { type ChildProcess, fork } from 'node:child_process'
import type { SeasonSettings } from './season.ts'
import type { SeasonReport } from './worker.ts'

/** Runs seasons in so many processes and tells of each as it ends; they end out of order. */
export const runSeasons = async (
  seasons: readonly SeasonSettings[],
  jobs: number,
  told: (report: SeasonReport, done: number) => void,
): Promise<void> => {
  let next = 0
  let done = 0
  const lane = async (): Promise<void> => {
    let worker = openWorker()
    try {
      for (let settings = seasons[next++]; settings; settings = seasons[next++]) {
        const report = await ran(worker, settings)
        done += 1
        told(report.report, done)
        if (!report.alive) {
          worker.kill('SIGKILL')
          worker = openWorker()
        }
      }
    } finally {
      worker.kill('SIGKILL')
    }
  }
  await Promise.all(Array.from({ length: Math.max(1, Math.min(jobs, seasons.length)) }, lane))
}

const openWorker = (): ChildProcess => fork(new URL('./worker.ts', import.meta.url), { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })

/** A season of 500 acts takes a second or two; one that takes this long turns in a circle. */
const SEASON_MS_MAX = 120_000

const ran = (worker: ChildProcess, settings: SeasonSettings): Promise<{ readonly report: SeasonReport; readonly alive: boolean }> =>
  new Promise((resolve) => {
    const lost = (why: string) => {
      clear()
      resolve({ report: { seed: settings.seed, broken: [why], counts: {} }, alive: false })
    }
    const timer = setTimeout(() => lost(`no end after ${SEASON_MS_MAX / 1_000} s`), SEASON_MS_MAX)
    const died = (code: number | null, signal: string | null) => lost(`its process ended (${code ?? signal})`)
    const answered = (report: SeasonReport) => {
      clear()
      // A season that threw left its databases open.
      resolve({ report, alive: Object.keys(report.counts).length > 0 })
    }
    const clear = () => {
      clearTimeout(timer)
      worker.off('exit', died)
      worker.off('message', answered)
    }
    worker.once('exit', died)
    worker.once('message', answered)
    worker.send(settings)
  })
