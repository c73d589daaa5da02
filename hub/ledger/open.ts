import { type OpenedDatabase, openWithin, troubleNamed } from '../database.ts'
import type { HubLedger, HubQuestions } from './contract.ts'
import { type LedgerCore, openLedgerCore } from './sqlite/core.ts'
import type { LedgerParts } from './sqlite/rooms.ts'
import { QUESTIONS, WORDS, type Word } from './words.ts'

/** The ledger in this thread: for tests and for a county simulated in one process. It owns the opened file from here on. */
export const openLedgerHere = (opened: OpenedDatabase, parts: LedgerParts): HubLedger => {
  const core = openWithin(opened, () => openLedgerCore(opened, parts))
  const file = opened.db.name
  return {
    ...promised(core, file),
    ask: asked(core, file),
    follow: (listener) =>
      core.follow(({ keys, ...told }) => {
        // Whoever does not look at the rows does not pay for them.
        const rows = {
          get delta() {
            return core.ask.deltaRows(keys)
          },
        }
        listener(Object.assign(rows, told))
      }),
    epoch: core.epoch,
    audit: async () => {
      const steps = core.auditSteps()
      return named(file, () => {
        let step = steps.next()
        while (step.done !== true) step = steps.next()
        return step.value
      })
    },
    close: async () => core.shut(),
  }
}

type Method = (...asked: never[]) => unknown
const promised = (core: LedgerCore, file: string): Pick<HubLedger, Word> =>
  later(() => core, Object.keys(WORDS), file) as unknown as Pick<HubLedger, Word>
const asked = (core: LedgerCore, file: string): HubQuestions =>
  later(() => core.ask, Object.keys(QUESTIONS), file) as unknown as HubQuestions
const later = (methods: () => object, names: readonly string[], file: string) =>
  Object.fromEntries(
    names.map(
      (name) =>
        [name, async (...args: never[]) => named(file, () => (methods() as Readonly<Record<string, Method>>)[name]?.(...args))] as const,
    ),
  )

const named = <Answer>(file: string, run: () => Answer): Answer => {
  try {
    return run()
  } catch (cause) {
    throw troubleNamed(file, cause)
  }
}
