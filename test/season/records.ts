import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import type { Booked } from '@lotkeeper/protocol/api/node.ts'

/** What people were answered and may rely on, and what a fault justified or must have named. */
export interface Records {
  readonly answered: (node: string, action: string, booked: Booked) => void
  readonly bookings: () => readonly Answered[]
  /** The hub answered a person: this action was written. */
  readonly told: (action: string) => void
  readonly toldActions: () => readonly string[]
  readonly mayBeForgotten: (action: string) => boolean
  /** The hub went back to an older copy: what it had answered stands only where somebody holds it, which what lies on its second copy does. */
  readonly hubForgets: (copied: string) => void
  /** The county asked something in this act, answered or not. */
  readonly asks: (order: number) => void
  readonly asked: () => readonly number[]
  /** The county told a site of an old system's stock in this act, answered or not. */
  readonly tells: (order: number) => void
  readonly openings: () => readonly number[]
  /** The county registered a tag, answered or not. */
  readonly registers: (action: string, told: Told) => void
  readonly registered: () => readonly { readonly action: string; readonly told: Told }[]
  /** From now on a discrepancy of this kind about this site is no false alarm. */
  readonly allow: (kind: string, site: string | null) => void
  readonly allowed: (kind: string, site: string | null) => boolean
  /** A discrepancy of this kind about this site must be there in the end; `sinceMs` tells from when on somebody could name it. */
  readonly expect: (kind: string, site: string | null, sinceMs?: number) => void
  readonly expected: () => readonly Expected[]
  /** What somebody could name from `sinceMs` on need not be named: it mended before anybody could know. */
  readonly spare: (kind: string, site: string, sinceMs: number) => void
  /** It was named where it cannot be read in the end. */
  readonly met: (one: Expected) => void
  /** The hub lost its own memory of what it had named. */
  readonly forgetExpected: () => void
  readonly breach: (sentence: string) => void
  readonly breaches: () => readonly string[]
}

/** What the hub is told to write. */
export type Told = Omit<Parameters<HubLedger['write']>[0][number], 'action' | 'part' | 'actor'>

export interface Expected {
  readonly kind: string
  readonly site: string | null
  readonly sinceMs: number
}

export interface Answered {
  readonly node: string
  readonly action: string
  readonly epoch: string
  readonly seq: number
  readonly hash: string
  /** Every medium that held it died before a copy reached another machine: the one loss the contract allows. */
  lost: boolean
}

export const openRecords = (): Records => {
  const answered: Answered[] = []
  const told = new Set<string>()
  const forgotten = new Set<string>()
  const asked: number[] = []
  const openings: number[] = []
  let registered: readonly { readonly action: string; readonly told: Told }[] = []
  const allowed = new Set<string>()
  let expected: Expected[] = []
  const breaches: string[] = []
  return {
    answered: (node, action, { head }) => void answered.push({ node, action, ...head, lost: false }),
    bookings: () => answered,
    told: (action) => {
      told.add(action)
      forgotten.delete(action)
    },
    toldActions: () => [...told],
    mayBeForgotten: (action) => forgotten.has(action),
    hubForgets: (copied) => {
      for (const action of told) if (!copied.includes(`\\"action\\":\\"${action}\\"`)) forgotten.add(action)
    },
    asks: (order) => void asked.push(order),
    asked: () => asked,
    tells: (order) => void openings.push(order),
    openings: () => openings,
    registers: (action, told) => {
      registered = [...registered, { action, told }]
    },
    registered: () => registered,
    allow: (kind, site) => void allowed.add(`${kind} ${site ?? '-'}`),
    allowed: (kind, site) => allowed.has(`${kind} ${site ?? '-'}`) || allowed.has(`${kind} *`),
    expect: (kind, site, sinceMs = 0) => {
      allowed.add(`${kind} ${site ?? '-'}`)
      if (!expected.some((one) => one.kind === kind && one.site === site)) expected.push({ kind, site, sinceMs })
    },
    expected: () => expected,
    spare: (kind, site, sinceMs) => {
      expected = expected.filter((one) => one.kind !== kind || one.site !== site || one.sinceMs < sinceMs)
    },
    met: (one) => {
      expected = expected.filter((other) => other !== one)
    },
    forgetExpected: () => {
      expected = []
    },
    breach: (sentence) => void breaches.push(sentence),
    breaches: () => breaches,
  }
}
