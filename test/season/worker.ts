import { runSeason, type SeasonSettings } from './season.ts'

/** What a worker process answers for one season. */
export interface SeasonReport {
  readonly seed: number
  readonly broken: readonly string[]
  readonly counts: Readonly<Record<string, number>>
}

// A process for each job: a season that never ends, or that breaks its process, takes no other with it.
process.on('message', (settings: SeasonSettings) => {
  const { seed } = settings
  runSeason(settings).then(
    ({ broken, counts }) => process.send?.({ seed, broken, counts } satisfies SeasonReport),
    (cause: unknown) => {
      const why = cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)
      process.send?.({ seed, broken: [`the season itself broke: ${why.slice(0, 1_500)}`], counts: {} } satisfies SeasonReport)
    },
  )
})
