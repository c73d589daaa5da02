import { bucketOf, type DigestRow, digestOf, isDigested } from '@lotkeeper/protocol/ledger/digest.ts'
import { stretchesToSend } from '@lotkeeper/protocol/ledger/stream.ts'
import { type NodeId, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Parts } from '@lotkeeper/protocol/parts.ts'
import type { DigestBody } from '@lotkeeper/protocol/wire/digest.ts'
import type { Database } from '../../database.ts'
import type { DiscrepancyRows } from '../../projections/apply/discrepancies.ts'
import type { Log } from './log.ts'

/** Compares what a node says of its own places with the books, at exactly the entry it names. Runs inside the transaction that is open. */
export interface Digests {
  /** Which buckets must be asked for, to name the row that differs; none when all is equal, nothing can be said, or the row was named. */
  readonly judge: (node: NodeId, said: DigestBody, atMs: number) => readonly number[]
}

export const openDigests = (
  db: Database,
  parts: Pick<Parts, 'sha256' | 'utf8'>,
  rooms: { readonly log: Pick<Log, 'tips'>; readonly discrepancies: Pick<DiscrepancyRows, 'open' | 'close'> },
): Digests => {
  const positions = db.prepare<[string, string], DigestRow>(
    'select lot, place, units from position where place >= ? and place < ? and units <> 0',
  )
  const told = db.prepare<[string, string], { readonly epoch: string; readonly held: number }>(
    'select epoch, held from hub_have where node = ? and stream = ?',
  )
  const put = db.prepare('insert or replace into digest values (?, ?, ?, ?, ?)')
  const asked = new Map<NodeId, string>()

  const judge = (node: NodeId, said: DigestBody, atMs: number): readonly number[] => {
    const rows = positions.all(`${node}/`, `${node}0`).filter(({ place }) => isDigested(node, place))
    const ours = digestOf(parts, rows)
    const same = ours.digest === said.digest
    put.run(node, said.epoch, said.seq, atMs, same ? 1 : 0)
    if (same) {
      asked.delete(node)
      rooms.discrepancies.close('balance-differs', node, atMs)
      return []
    }
    const differing = ours.buckets.flatMap((bucket, at) => (bucket === said.buckets[at] ? [] : [at]))
    const tip = `${said.epoch}/${said.seq}`
    if (said.rows.length === 0 && asked.get(node) !== tip) {
      asked.set(node, tip)
      return differing
    }
    const within = ({ place, lot }: DigestRow) => differing.includes(bucketOf(parts, place, lot))
    const first = firstDiffering(said.rows, rows.filter(within))
    if (first) {
      const facts = { place: first.place, lot: first.lot, node: first.theirs, hub: first.ours }
      rooms.discrepancies.open({ kind: 'balance-differs', site: node, subject: node, entry: null, atMs, facts })
    }
    return []
  }
  return {
    judge: (node, said, atMs) => {
      const word = [...told.all(node, streamOfNode(node)), { epoch: said.epoch, held: said.seq }]
      return isExactlyAt(rooms.log, node, said, word) ? judge(node, said, atMs) : []
    },
  }
}

/** Whether the hub holds and applied all the node has by its own word up to the entry named, nothing beyond it, and nothing the node still waits for. */
const isExactlyAt = (
  log: Pick<Log, 'tips'>,
  node: NodeId,
  { stream, epoch, seq }: DigestBody,
  word: readonly { readonly epoch: string; readonly held: number }[],
): boolean => {
  const tips = stream === streamOfNode(node) ? log.tips(stream) : []
  const last = tips.at(-1)
  if (last?.epoch !== epoch || last.held !== seq || tips.some(({ held, applied }) => held !== applied)) return false
  // A hub that was restored has the end of a past before its middle when that was refused at first.
  const heldUpto = new Map(tips.map((tip) => [tip.epoch, tip.held]))
  if (tips.some(({ parent }) => parent !== null && (heldUpto.get(parent.epoch) ?? 0) < parent.seq)) return false
  // What a copied card wrote beside the node has from here, and a hub that was restored since may lack it: it refuses what was changed on the way.
  if (word.some((tip) => tip.epoch !== epoch && tip.held > (heldUpto.get(tip.epoch) ?? 0))) return false
  const peer = word.map((tip) => ({ ...tip, stream, headHash: '', applied: tip.held, refused: [] }))
  return stretchesToSend(tips, peer).length === 0
}

/** The first row, by place and lot, in which two lists differ; of a list that was cut short, only what stands in it is compared. */
const firstDiffering = (
  theirs: readonly DigestRow[],
  ours: readonly DigestRow[],
): { readonly place: string; readonly lot: string; readonly theirs: number; readonly ours: number } | null => {
  const named = new Map<string, { place: string; lot: string; theirs: number; ours: number }>()
  for (const { place, lot, units } of theirs) named.set(`${place}\t${lot}`, { place, lot, theirs: units, ours: 0 })
  for (const { place, lot, units } of ours) {
    const row = named.get(`${place}\t${lot}`)
    if (row) row.ours = units
    else if (theirs.length < DIGEST_ROWS_MAX) named.set(`${place}\t${lot}`, { place, lot, theirs: 0, ours: units })
  }
  const differing = [...named].filter(([, row]) => row.theirs !== row.ours).sort(([one], [other]) => (one < other ? -1 : 1))
  return differing[0]?.[1] ?? null
}

/** As many rows as one message may carry. */
const DIGEST_ROWS_MAX = 1_000
