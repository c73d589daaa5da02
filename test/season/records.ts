import type { Booked } from '@lotkeeper/protocol/api/node.ts'

/** What people were answered and may rely on, and what a fault justified or must have named. */
export interface Records {
  readonly answered: (node: string, action: string, booked: Booked) => void
  readonly bookings: () => readonly Answered[]
  /** The hub answered a person: this action was written. */
  readonly told: (action: string) => void
  readonly toldActions: () => readonly string[]
  /** The county asked something in this act, answered or not. */
  readonly asks: (order: number) => void
  readonly asked: () => readonly number[]
  /** From now on a discrepancy of this kind about this site is no false alarm. */
  readonly allow: (kind: string, site: string | null) => void
  readonly allowed: (kind: string, site: string | null) => boolean
  /** A discrepancy of this kind about this site must be there in the end. */
  readonly expect: (kind: string, site: string) => void
  readonly expected: () => readonly { readonly kind: string; readonly site: string }[]
  /** The hub lost its own memory of what it had named. */
  readonly forgetExpected: () => void
  readonly breach: (sentence: string) => void
  readonly breaches: () => readonly string[]
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
  const asked: number[] = []
  const allowed = new Set<string>()
  let expected: { readonly kind: string; readonly site: string }[] = []
  const breaches: string[] = []
  return {
    answered: (node, action, { head }) => void answered.push({ node, action, ...head, lost: false }),
    bookings: () => answered,
    told: (action) => void told.add(action),
    toldActions: () => [...told],
    asks: (order) => void asked.push(order),
    asked: () => asked,
    allow: (kind, site) => void allowed.add(`${kind} ${site ?? '-'}`),
    allowed: (kind, site) => allowed.has(`${kind} ${site ?? '-'}`) || allowed.has(`${kind} *`),
    expect: (kind, site) => {
      allowed.add(`${kind} ${site}`)
      if (!expected.some((one) => one.kind === kind && one.site === site)) expected.push({ kind, site })
    },
    expected: () => expected,
    forgetExpected: () => {
      expected = []
    },
    breach: (sentence) => void breaches.push(sentence),
    breaches: () => breaches,
  }
}
