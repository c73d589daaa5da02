import { pino } from 'pino'

/** The one door of the logger: JSON lines on stderr. `error` = a person must act, `warn` = the house mended itself. */
export interface Log {
  readonly debug: (fact: string, values?: object) => void
  readonly info: (fact: string, values?: object) => void
  readonly warn: (fact: string, values?: object) => void
  readonly error: (fact: string, values?: object) => void
}

export const openLog = (level: string): Log => {
  const logger = pino(
    { level, base: { house: 'hub' }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination({ dest: 2, sync: true }),
  )
  return {
    debug: (fact, values = {}) => logger.debug(values, fact),
    info: (fact, values = {}) => logger.info(values, fact),
    warn: (fact, values = {}) => logger.warn(values, fact),
    error: (fact, values = {}) => logger.error(values, fact),
  }
}
