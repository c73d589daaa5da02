import type { OpenedDatabase } from '../database.ts'
import type { HubLedger, HubQuestions } from './contract.ts'
import { type LedgerCore, openLedgerCore } from './sqlite/core.ts'
import type { LedgerParts } from './sqlite/rooms.ts'

/** The ledger in this thread: for tests and for a county simulated in one process. It owns the opened file from here on. */
export const openLedgerHere = (opened: OpenedDatabase, parts: LedgerParts): HubLedger => {
  const core = openLedgerCore(opened, parts)
  return {
    ...promised(core),
    ask: asked(core),
    follow: core.follow,
    epoch: core.epoch,
    audit: async () => {
      const steps = core.auditSteps()
      let step = steps.next()
      while (step.done !== true) step = steps.next()
      return step.value
    },
    close: async () => opened.close(),
  }
}

/** Every question there is, by name; the type holds the list complete. */
export const QUESTIONS = {
  overview: true,
  stock: true,
  movements: true,
  lot: true,
  nodes: true,
  sites: true,
  items: true,
  tags: true,
  discrepancies: true,
  snapshot: true,
  siteSummaries: true,
  known: true,
  acted: true,
} as const satisfies Record<keyof HubQuestions, true>

/** Every plain word of the ledger, by name. */
export const WORDS = {
  take: true,
  write: true,
  tips: true,
  batch: true,
  nodes: true,
  keepCertificate: true,
  noteBirth: true,
  noteDeath: true,
  noteHave: true,
  quarantine: true,
  openDiscrepancy: true,
  closeDiscrepancy: true,
  makeEnrolment: true,
  redeemEnrolment: true,
  sweep: true,
  storage: true,
  rebuild: true,
} as const satisfies Record<Word, true>
export type Word = Exclude<keyof HubLedger, 'ask' | 'follow' | 'epoch' | 'audit' | 'close'>

type Method = (...asked: never[]) => unknown
const promised = (core: LedgerCore): Pick<HubLedger, Word> => later(core, Object.keys(WORDS)) as unknown as Pick<HubLedger, Word>
const asked = (core: LedgerCore): HubQuestions => later(core.ask, Object.keys(QUESTIONS)) as unknown as HubQuestions
const later = (methods: object, names: readonly string[]) =>
  Object.fromEntries(
    names.map((name) => [name, async (...args: never[]) => (methods as Readonly<Record<string, Method>>)[name]?.(...args)] as const),
  )
