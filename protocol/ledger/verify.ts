import { hexOf } from '../bytes.ts'
import type { Parts } from '../parts.ts'
import { openBalance } from './balance.ts'
import { CHAIN_START, hashAfter, signedHead } from './chain.ts'
import { type Entry, readEntry } from './entry.ts'
import type { EpochTip } from './stream.ts'

/** A ledger as it lies in a file, read row by row. */
export interface StoredLedger {
  /** In order of (stream, epoch, seq). */
  readonly log: Iterable<LogRow>
  /** What the file says of each epoch beside the log. */
  readonly tips: Iterable<TipRow>
  readonly seals: Iterable<SealRow>
  readonly positions: Iterable<{ readonly lot: string; readonly place: string; readonly units: number }>
  /** The stored hash of an entry, asked for once the log was walked. */
  readonly hashAt: (stream: string, epoch: string, seq: number) => Uint8Array | null
}
export interface LogRow {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly hash: Uint8Array
  readonly body: string
  /** Parked entries are held, chained and signed, and counted nowhere. */
  readonly applied: boolean
}
export type TipRow = Pick<EpochTip, 'stream' | 'epoch' | 'parent' | 'held' | 'headHash'>
/** A kept signature over the head of a batch. */
export interface SealRow {
  readonly stream: string
  readonly epoch: string
  readonly upto: number
  readonly headHash: Uint8Array
  readonly signature: Uint8Array
  /** Raw public key, or `null` when no certificate for it is at hand. */
  readonly publicKey: Uint8Array | null
}

/** One thing that is wrong in a ledger, and where. */
export interface Finding {
  readonly code: FindingCode
  readonly where: string
  readonly detail: string
}
export type FindingCode =
  | 'chain-broken'
  | 'sequence-hole'
  | 'entry-unreadable'
  | 'entry-misplaced'
  | 'parent-unknown'
  | 'tip-wrong'
  | 'signature-wrong'
  | 'seal-without-entry'
  | 'not-conserved'
  | 'position-wrong'

/** What re-checking a ledger came to. */
export interface Verdict {
  readonly entries: number
  readonly epochs: number
  readonly seals: number
  /** Seals whose key has no certificate here: not wrong, not proved. */
  readonly unproved: number
  /** Entries behind the last seal of their epoch: chained, but nobody has signed for them yet. */
  readonly unsealed: number
  readonly lots: number
  readonly findings: readonly Finding[]
}

/**
 * Re-checks a ledger from nothing: the chain of every epoch, parents and tips, signatures, conservation per lot, and the stored positions
 * against a refold of the log. What it keeps in memory grows with epochs and positions, not with entries.
 */
export const verifyLedger = (parts: Parts, stored: StoredLedger): Verdict => {
  const findings: Finding[] = []
  const walk = walkLog(parts, stored.log, findings)
  checkParents(walk.epochs, stored.hashAt, findings)
  checkTips(walk.epochs, stored.tips, findings)
  const sealed = checkSeals(parts, stored, walk.epochs, findings)
  const lots = checkPositions(walk.balance, stored.positions, findings)
  return { entries: walk.entries, epochs: walk.epochs.size, ...sealed, lots, findings }
}

/** An epoch as its entries give it. */
interface Walked {
  readonly stream: string
  readonly epoch: string
  parent: EpochTip['parent']
  held: number
  hash: Uint8Array
}
type Epochs = ReadonlyMap<string, Walked>

const walkLog = (parts: Parts, log: Iterable<LogRow>, findings: Finding[]) => {
  const epochs = new Map<string, Walked>()
  const balance = openBalance()
  let at: Walked = { stream: '', epoch: '', parent: null, held: 0, hash: CHAIN_START }
  let entries = 0
  for (const row of log) {
    const where = `${row.stream}/${row.epoch}/${row.seq}`
    if (row.stream !== at.stream || row.epoch !== at.epoch) {
      at = { stream: row.stream, epoch: row.epoch, parent: null, held: 0, hash: CHAIN_START }
      epochs.set(nameOf(row), at)
    }
    if (row.seq !== at.held + 1) findings.push({ code: 'sequence-hole', where, detail: `${at.held + 1}..${row.seq - 1}` })
    else if (hexOf(hashAfter(parts, at.hash, row.body)) !== hexOf(row.hash))
      findings.push({ code: 'chain-broken', where, detail: hexOf(row.hash) })
    at.held = row.seq
    at.hash = row.hash
    entries += 1
    const entry = readRow(row, where, findings)
    if (entry && row.applied) balance.add(entry.lines)
    if (entry?.kind === 'epoch' && row.seq === 1) at.parent = entry.body['parent'] as EpochTip['parent']
  }
  return { epochs, balance, entries }
}

const readRow = (row: LogRow, where: string, findings: Finding[]): Entry | null => {
  const reading = readEntry(row.body)
  if (!reading.known) {
    if (reading.later === null && reading.code !== 'hole') findings.push({ code: 'entry-unreadable', where, detail: reading.code })
    return null
  }
  const { entry } = reading
  if (entry.stream !== row.stream || entry.epoch !== row.epoch || entry.seq !== row.seq)
    findings.push({ code: 'entry-misplaced', where, detail: `${entry.stream}/${entry.epoch}/${entry.seq}` })
  return entry
}

const checkParents = (epochs: Epochs, hashAt: StoredLedger['hashAt'], findings: Finding[]): void => {
  for (const { stream, epoch, parent } of epochs.values()) {
    if (parent === null) continue
    const hash = hashAt(stream, parent.epoch, parent.seq)
    if (hash === null || hexOf(hash) !== parent.hash)
      findings.push({ code: 'parent-unknown', where: `${stream}/${epoch}/1`, detail: `${stream}/${parent.epoch}/${parent.seq}` })
  }
}

/** The file's own word on each epoch: a cut tail leaves a chain that is whole as far as it goes. */
const checkTips = (epochs: Epochs, tips: Iterable<TipRow>, findings: Finding[]): void => {
  const left = new Map(epochs)
  for (const tip of tips) {
    const where = `${tip.stream}/${tip.epoch}`
    const walked = left.get(nameOf(tip))
    left.delete(nameOf(tip))
    const told = `held ${tip.held}, head ${tip.headHash}, parent ${parentText(tip.parent)}`
    const found = walked
      ? `held ${walked.held}, head ${hexOf(walked.hash)}, parent ${parentText(walked.parent)}`
      : `held 0, head ${hexOf(CHAIN_START)}, parent ${parentText(tip.parent)}`
    if (told !== found) findings.push({ code: 'tip-wrong', where, detail: `stored ${told}; log says ${found}` })
  }
  for (const { stream, epoch, held } of left.values())
    findings.push({ code: 'tip-wrong', where: `${stream}/${epoch}`, detail: `stored nothing; log says held ${held}` })
}

const parentText = (parent: EpochTip['parent']): string => (parent ? `${parent.epoch}/${parent.seq} ${parent.hash}` : 'none')

const checkSeals = (parts: Parts, { seals, hashAt }: StoredLedger, epochs: Epochs, findings: Finding[]) => {
  const sealedUpto = new Map<string, number>()
  let count = 0
  let unproved = 0
  for (const seal of seals) {
    count += 1
    const where = `${seal.stream}/${seal.epoch}/${seal.upto}`
    const headHash = hexOf(seal.headHash)
    const hash = hashAt(seal.stream, seal.epoch, seal.upto)
    if (hash === null || hexOf(hash) !== headHash)
      findings.push({ code: 'seal-without-entry', where, detail: hash === null ? 'none' : hexOf(hash) })
    else sealedUpto.set(nameOf(seal), Math.max(seal.upto, sealedUpto.get(nameOf(seal)) ?? 0))
    if (!seal.publicKey) unproved += 1
    else if (!parts.verify(seal.publicKey, signedHead(parts, { ...seal, headHash }), seal.signature))
      findings.push({ code: 'signature-wrong', where, detail: headHash })
  }
  let unsealed = 0
  for (const [name, { held }] of epochs) unsealed += held - (sealedUpto.get(name) ?? 0)
  return { seals: count, unproved, unsealed }
}

const checkPositions = (refold: ReturnType<typeof openBalance>, positions: StoredLedger['positions'], findings: Finding[]): number => {
  const left = new Map(refold.positions().map((row) => [`${row.lot} @ ${row.place}`, row.units]))
  const sums = new Map<string, number>()
  for (const row of positions) {
    if (row.units === 0) continue
    const where = `${row.lot} @ ${row.place}`
    const units = left.get(where) ?? 0
    if (units !== row.units) findings.push({ code: 'position-wrong', where, detail: `stored ${row.units}, log says ${units}` })
    left.delete(where)
    sums.set(row.lot, (sums.get(row.lot) ?? 0) + row.units)
  }
  for (const [where, units] of left) findings.push({ code: 'position-wrong', where, detail: `stored 0, log says ${units}` })
  for (const [lot, sum] of sums)
    if (sum !== 0) findings.push({ code: 'not-conserved', where: lot, detail: `sum over all places is ${sum}` })
  return sums.size
}

const nameOf = ({ stream, epoch }: { readonly stream: string; readonly epoch: string }): string => `${stream}\n${epoch}`
