import { hexOf } from '../bytes.ts'
import type { Parts } from '../parts.ts'
import { openBalance } from './balance.ts'
import { CHAIN_START, hashAfter, signedHead } from './chain.ts'
import { readEntry } from './entry.ts'

/** A row of a stored log, in order of (stream, epoch, seq). */
export interface LogRow {
  readonly stream: string
  readonly epoch: string
  readonly seq: number
  readonly hash: Uint8Array
  readonly body: string
}
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
  readonly code:
    | 'chain-broken'
    | 'sequence-hole'
    | 'entry-unreadable'
    | 'entry-misplaced'
    | 'parent-unknown'
    | 'signature-wrong'
    | 'seal-without-entry'
    | 'not-conserved'
    | 'position-wrong'
  readonly where: string
  readonly detail: string
}

/** What re-checking a ledger came to. */
export interface Verdict {
  readonly entries: number
  readonly epochs: number
  readonly seals: number
  /** Seals whose key has no certificate here: not wrong, not proved. */
  readonly unproved: number
  readonly lots: number
  readonly findings: readonly Finding[]
}

/**
 * Re-checks a ledger from nothing: the chain of every epoch, parents, signatures, conservation per lot, and the stored positions against
 * a refold of the log. Rows must come in order of (stream, epoch, seq).
 */
export const verifyLedger = (
  parts: Parts,
  log: Iterable<LogRow>,
  seals: Iterable<SealRow>,
  positions: Iterable<{ readonly lot: string; readonly place: string; readonly units: number }>,
): Verdict => {
  const findings: Finding[] = []
  const walk = walkLog(parts, log, findings)
  const sealed = checkSeals(parts, seals, walk.hashes, findings)
  const lots = checkPositions(walk.balance, positions, findings)
  for (const { id, parent } of walk.parents) {
    if (walk.hashes.get(parent.id) !== parent.hash) findings.push({ code: 'parent-unknown', where: id, detail: parent.id })
  }
  return { entries: walk.entries, epochs: walk.epochs, ...sealed, lots, findings }
}

const walkLog = (parts: Parts, log: Iterable<LogRow>, findings: Finding[]) => {
  const hashes = new Map<string, string>()
  const balance = openBalance()
  const parents: { readonly id: string; readonly parent: { readonly id: string; readonly hash: string } }[] = []
  let at: Pick<LogRow, 'stream' | 'epoch' | 'seq' | 'hash'> = { stream: '', epoch: '', seq: 0, hash: CHAIN_START }
  let entries = 0
  let epochs = 0
  for (const row of log) {
    const id = `${row.stream}/${row.epoch}/${row.seq}`
    if (row.stream !== at.stream || row.epoch !== at.epoch) {
      at = { stream: row.stream, epoch: row.epoch, seq: 0, hash: CHAIN_START }
      epochs += 1
    }
    if (row.seq !== at.seq + 1) findings.push({ code: 'sequence-hole', where: id, detail: `${at.seq + 1}..${row.seq - 1}` })
    else if (hexOf(hashAfter(parts, at.hash, row.body)) !== hexOf(row.hash))
      findings.push({ code: 'chain-broken', where: id, detail: hexOf(row.hash) })
    at = { ...at, seq: row.seq, hash: row.hash }
    hashes.set(id, hexOf(row.hash))
    entries += 1
    readRow(row, id, findings, balance, parents)
  }
  return { hashes, balance, parents, entries, epochs }
}

const readRow = (
  row: LogRow,
  id: string,
  findings: Finding[],
  balance: ReturnType<typeof openBalance>,
  parents: { id: string; parent: { id: string; hash: string } }[],
): void => {
  const reading = readEntry(row.body)
  if (!reading.known) {
    if (reading.later === null) findings.push({ code: 'entry-unreadable', where: id, detail: reading.code })
    return
  }
  const { entry } = reading
  if (entry.stream !== row.stream || entry.epoch !== row.epoch || entry.seq !== row.seq)
    findings.push({ code: 'entry-misplaced', where: id, detail: `${entry.stream}/${entry.epoch}/${entry.seq}` })
  balance.add(entry.lines)
  const parent = entry.kind === 'epoch' ? (entry.body['parent'] as { epoch: string; seq: number; hash: string } | null) : null
  if (parent) parents.push({ id, parent: { id: `${row.stream}/${parent.epoch}/${parent.seq}`, hash: parent.hash } })
}

const checkSeals = (parts: Parts, seals: Iterable<SealRow>, hashes: ReadonlyMap<string, string>, findings: Finding[]) => {
  let count = 0
  let unproved = 0
  for (const seal of seals) {
    count += 1
    const where = `${seal.stream}/${seal.epoch}/${seal.upto}`
    const headHash = hexOf(seal.headHash)
    const held = hashes.get(where)
    if (held !== headHash) findings.push({ code: 'seal-without-entry', where, detail: held ?? 'none' })
    if (!seal.publicKey) unproved += 1
    else if (!parts.verify(seal.publicKey, signedHead(parts, { ...seal, headHash }), seal.signature))
      findings.push({ code: 'signature-wrong', where, detail: headHash })
  }
  return { seals: count, unproved }
}

const checkPositions = (
  refold: ReturnType<typeof openBalance>,
  positions: Iterable<{ readonly lot: string; readonly place: string; readonly units: number }>,
  findings: Finding[],
): number => {
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
