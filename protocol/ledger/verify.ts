import { hexOf, sameBytes } from '../bytes.ts'
import type { Parts } from '../parts.ts'
import { actOf } from './act.ts'
import { openBalance } from './balance.ts'
import { CHAIN_START, hashAfter, holeOf, signedHead } from './chain.ts'
import { type Entry, readEntry } from './entry.ts'
import { type Finding, type Findings, openFindings } from './findings.ts'
import type { LogRow, StoredLedger, TipRow } from './stored.ts'
import type { EpochTip } from './stream.ts'
import { openRevokedCheck, type RevokedCheck } from './verify-revoked.ts'
import { type CheckpointVerdict, openTreeCheck } from './verify-tree.ts'

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
  /** Entries of which only the hash is left: chain and signature still prove what stands around them. */
  readonly holes: readonly string[]
  readonly tree: CheckpointVerdict
  readonly findings: readonly Finding[]
  /** Findings beyond those listed. */
  readonly findingsMore: number
}

/**
 * Re-checks a ledger from nothing: the chain of every epoch, parents and tips, signatures, conservation per lot, the stored positions against a
 * refold of the log, and the trees with every checkpoint. What it keeps in memory grows with epochs, positions and registrations, not with entries.
 */
export const verifyLedger = (parts: Parts, stored: StoredLedger): Verdict => {
  const findings = openFindings()
  const walk = walkLog(parts, stored, findings)
  checkParents(walk.epochs, stored.hashAt, findings)
  checkTips(walk.epochs, stored.tips, findings)
  for (const { where, signed } of stored.certificates) if (!signed) findings.note('certificate-wrong', where, '-')
  const sealed = checkSeals(parts, stored, walk, findings)
  const lots = checkPositions(walk.balance, stored, findings)
  const { entries, holes, tree } = walk
  const told = { tree: tree(), findings: findings.all(), findingsMore: findings.more() }
  return { entries, epochs: walk.epochs.size, ...sealed, lots, holes, ...told }
}

interface Walked {
  readonly stream: string
  readonly epoch: string
  parent: EpochTip['parent']
  /** Its first entry is a hole, so nobody knows its parent. */
  orphan: boolean
  held: number
  hash: Uint8Array
}
type Epochs = ReadonlyMap<string, Walked>

const walkLog = (parts: Parts, stored: StoredLedger, findings: Findings) => {
  const epochs = new Map<string, Walked>()
  const balance = openBalance()
  const acts = openActs(parts)
  const order = openOrder(stored.order, findings)
  const trees = openTreeCheck(parts, stored, findings)
  const revoked = openRevokedCheck(stored.heldAt, findings)
  const holes: string[] = []
  let at: Walked | null = null
  let entries = 0
  // One step for all rows of a piece, then the next: a machine is quicker at what it has just been doing.
  for (const rows of stored.log) {
    const [first] = rows
    if (!first) continue
    if (at === null || first.stream !== at.stream || first.epoch !== at.epoch) {
      at = { stream: first.stream, epoch: first.epoch, parent: null, orphan: false, held: 0, hash: CHAIN_START }
      epochs.set(nameOf(first), at)
    }
    checkChain(parts, at, rows, findings)
    for (const row of rows) order.note(row)
    for (const row of rows) trees.leaf(row)
    for (const row of rows) {
      if (holeOf(row.body)) {
        holes.push(whereOf(row))
        at.orphan ||= row.seq === 1
        continue
      }
      const entry = readRow(row, findings)
      if (!entry) continue
      if (row.applied && acts.first(entry)) balance.add(entry.lines)
      revoked.note(row, entry)
      if (entry.kind === 'epoch' && row.seq === 1) at.parent = entry.body['parent'] as EpochTip['parent']
      if (entry.kind === 'checkpoint') trees.told({ where: whereOf(row), text: String(entry.body['text']) })
    }
    entries += rows.length
  }
  order.end()
  return { epochs, balance, revoked, entries, holes, tree: trees.end }
}

const checkChain = (parts: Parts, at: Walked, rows: readonly LogRow[], findings: Findings): void => {
  for (const row of rows) {
    if (row.seq !== at.held + 1) findings.note('sequence-hole', whereOf(row), `${at.held + 1}..${row.seq - 1}`)
    else if (!sameBytes(hashAfter(parts, at.hash, row.body), row.hash)) findings.note('chain-broken', whereOf(row), hexOf(row.hash))
    at.held = row.seq
    at.hash = row.hash
  }
}

const readRow = (row: LogRow, findings: Findings): Entry | null => {
  const reading = readEntry(row.body)
  if (!reading.known) {
    if (reading.later === null) findings.note('entry-unreadable', whereOf(row), reading.code)
    return null
  }
  const { entry } = reading
  if (entry.stream !== row.stream || entry.epoch !== row.epoch || entry.seq !== row.seq)
    findings.note('entry-misplaced', whereOf(row), `${entry.stream}/${entry.epoch}/${entry.seq}`)
  if (row.applied && row.kind !== null && row.kind !== entry.kind) findings.note('kind-wrong', whereOf(row), row.kind)
  return entry
}

/** An act that a restored hub wrote in two of its epochs moves once. */
const openActs = (parts: Parts) => {
  const known = new Set<string>()
  return {
    first: (entry: Entry): boolean => {
      const act = actOf(entry)
      if (act === null) return true
      const before = known.size
      return known.add(hexOf(parts.sha256(parts.utf8(act)))).size > before
    },
  }
}

/** Every place of the order is taken once: a bit for each is enough. */
const openOrder = ({ last, dense }: StoredLedger['order'], findings: Findings) => {
  const taken = new Uint8Array(Math.ceil((last + 1) / 8))
  let count = 0
  return {
    note: (row: LogRow) => {
      const { ord } = row
      if (ord === null) return
      const bit = 1 << (ord % 8)
      const byte = taken[Math.floor(ord / 8)]
      if (byte === undefined || ord < 1 || ord > last || (byte & bit) !== 0) findings.note('order-broken', whereOf(row), String(ord))
      else taken[Math.floor(ord / 8)] = byte | bit
      count += 1
    },
    end: () => {
      if (dense && count !== last) findings.note('order-broken', '-', `${count} entries have a place, the last is ${last}`)
    },
  }
}

const checkParents = (epochs: Epochs, hashAt: StoredLedger['hashAt'], findings: Findings): void => {
  for (const { stream, epoch, parent } of epochs.values()) {
    if (parent === null) continue
    const hash = hashAt(stream, parent.epoch, parent.seq)
    if (hash === null || hexOf(hash) !== parent.hash)
      findings.note('parent-unknown', `${stream}/${epoch}/1`, `${stream}/${parent.epoch}/${parent.seq}`)
  }
}

/** The file's own word on each epoch: a cut tail leaves a chain that is whole as far as it goes. */
const checkTips = (epochs: Epochs, tips: Iterable<TipRow>, findings: Findings): void => {
  const left = new Map(epochs)
  for (const tip of tips) {
    const where = `${tip.stream}/${tip.epoch}`
    const walked = left.get(nameOf(tip))
    left.delete(nameOf(tip))
    const told = `held ${tip.held}, head ${tip.headHash}, parent ${parentText(tip.parent)}`
    const parent = !walked || walked.orphan ? tip.parent : walked.parent
    const found = `held ${walked?.held ?? 0}, head ${hexOf(walked?.hash ?? CHAIN_START)}, parent ${parentText(parent)}`
    if (told !== found) findings.note('tip-wrong', where, `stored ${told}; log says ${found}`)
  }
  for (const { stream, epoch, held } of left.values())
    findings.note('tip-wrong', `${stream}/${epoch}`, `stored nothing; log says held ${held}`)
}

const parentText = (parent: EpochTip['parent']): string => (parent ? `${parent.epoch}/${parent.seq} ${parent.hash}` : 'none')

const checkSeals = (
  parts: Parts,
  { seals, hashAt, hub }: StoredLedger,
  { epochs, revoked }: { readonly epochs: Epochs; readonly revoked: RevokedCheck },
  findings: Findings,
) => {
  const sealedUpto = new Map<string, number>()
  let count = 0
  let unproved = 0
  for (const seal of seals) {
    count += 1
    const where = `${seal.stream}/${seal.epoch}/${seal.upto}`
    const headHash = hexOf(seal.headHash)
    const hash = hashAt(seal.stream, seal.epoch, seal.upto)
    if (hash === null || hexOf(hash) !== headHash) findings.note('seal-without-entry', where, hash === null ? 'none' : hexOf(hash))
    else sealedUpto.set(nameOf(seal), Math.max(seal.upto, sealedUpto.get(nameOf(seal)) ?? 0))
    revoked.judge(seal, where)
    if (!seal.publicKey) {
      unproved += 1
      if (hub) findings.note('key-uncertified', where, headHash)
    } else if (!parts.verify(seal.publicKey, signedHead(parts, { ...seal, headHash }), seal.signature))
      findings.note('signature-wrong', where, headHash)
  }
  let unsealed = 0
  for (const [name, { held }] of epochs) unsealed += held - (sealedUpto.get(name) ?? 0)
  return { seals: count, unproved, unsealed }
}

const checkPositions = (refold: ReturnType<typeof openBalance>, { positions, lostEffects }: StoredLedger, findings: Findings): number => {
  const left = new Map(refold.positions().map((row) => [`${row.lot} @ ${row.place}`, row.units]))
  const sums = new Map<string, number>()
  const note = (where: string, stored: number, units: number) => {
    if (lostEffects === 0) findings.note('position-wrong', where, `stored ${stored}, log says ${units}`)
  }
  for (const row of positions) {
    if (row.units === 0) continue
    const where = `${row.lot} @ ${row.place}`
    const units = left.get(where) ?? 0
    if (units !== row.units) note(where, row.units, units)
    left.delete(where)
    sums.set(row.lot, (sums.get(row.lot) ?? 0) + row.units)
  }
  for (const [where, units] of left) note(where, 0, units)
  for (const [lot, sum] of sums) if (sum !== 0) findings.note('not-conserved', lot, `sum over all places is ${sum}`)
  return sums.size
}

const nameOf = ({ stream, epoch }: { readonly stream: string; readonly epoch: string }): string => `${stream}\n${epoch}`
const whereOf = ({ stream, epoch, seq }: Pick<LogRow, 'stream' | 'epoch' | 'seq'>): string => `${stream}/${epoch}/${seq}`
