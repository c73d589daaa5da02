import { pino } from 'pino'

/** What a node puts on record: constant facts in the past tense, values as fields. error: a person must act; warn: the house mended itself. */
export interface Log {
  readonly error: (fields: object, fact: string) => void
  readonly warn: (fields: object, fact: string) => void
  readonly info: (fields: object, fact: string) => void
  readonly debug: (fields: object, fact: string) => void
}

/** The one door of pino: JSON lines on stderr, written at once, so that the last words before a crash are there. */
export const openLog = (level: string, name: string): Log => {
  const logger = pino({ level, base: { name }, timestamp: pino.stdTimeFunctions.isoTime }, pino.destination({ dest: 2, sync: true }))
  return {
    error: (fields, fact) => logger.error(fields, fact),
    warn: (fields, fact) => logger.warn(fields, fact),
    info: (fields, fact) => logger.info(fields, fact),
    debug: (fields, fact) => logger.debug(fields, fact),
  }
}

/** A log that keeps nothing, for a county simulated in one process. */
export const SILENT: Log = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
