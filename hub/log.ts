import { HUB_ROUTES } from '@lotkeeper/protocol/api/hub.ts'
import { sensitiveFieldsIn } from '@lotkeeper/protocol/api/masking.ts'
import type { Route } from '@lotkeeper/protocol/api/route.ts'
import { MASKED } from '@lotkeeper/protocol/sensitive.ts'
import { pino } from 'pino'

/** The one door of the logger: JSON lines on stderr. `error` = a person must act, `warn` = the house mended itself. */
export interface Log {
  readonly debug: (fact: string, values?: object) => void
  readonly info: (fact: string, values?: object) => void
  readonly warn: (fact: string, values?: object) => void
  readonly error: (fact: string, values?: object) => void
}

/** `write` takes the lines instead of stderr, for tests. */
export const openLog = (level: string, write?: (line: string) => void): Log => {
  const logger = pino(
    {
      level,
      base: { house: 'hub' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { log: (values) => withoutPersons(values) as object as Values },
    },
    write ? { write } : pino.destination({ dest: 2, sync: true }),
  )
  return {
    debug: (fact, values = {}) => logger.debug(values, fact),
    info: (fact, values = {}) => logger.info(values, fact),
    warn: (fact, values = {}) => logger.warn(values, fact),
    error: (fact, values = {}) => logger.error(values, fact),
  }
}

/**
 * Values as a log may hold them: whatever is sensitive in any route is masked wherever it stands, and what was sent to the hub is left out whole.
 * Errors are written by pino: what they hold beside their message is looked through as well.
 */
const withoutPersons = (value: unknown, depth = 0): unknown => {
  if (typeof value !== 'object' || value === null) return value
  if (depth > DEPTH_MAX) return MASKED
  if (Array.isArray(value)) return value.map((one: unknown) => withoutPersons(one, depth + 1))
  if (value instanceof Error) {
    const facts = Object.entries(value).map(
      ([name, part]) => [name, hidden().has(name) ? MASKED : withoutPersons(part, depth + 1)] as const,
    )
    const cause = value.cause === undefined ? {} : { cause: withoutPersons(value.cause, depth + 1) }
    return { type: value.name, message: value.message, stack: value.stack, ...Object.fromEntries(facts), ...cause }
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, part]) => [name, hidden().has(name) ? MASKED : withoutPersons(part, depth + 1)]),
  )
}
type Values = Record<string, unknown>

/** Deeper than this nothing of ours reaches. */
const DEPTH_MAX = 8

/** Names of fields nobody logs: what is sensitive, and what holds all that was sent. Made when the first line with values is written. */
const hidden = (): ReadonlySet<string> => {
  if (known.size === 0) {
    const schemas = (Object.values(HUB_ROUTES) as Route[]).flatMap(({ query, body, answer }) => [query ?? [], body ?? [], answer].flat())
    for (const name of [...WHOLE, ...sensitiveFieldsIn(schemas)]) known.add(name)
  }
  return known
}
const known = new Set<string>()
const WHOLE = ['body', 'cells', 'fields', 'password', 'token', 'words']
