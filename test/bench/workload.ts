import { DEMO_ITEMS } from '@lotkeeper/deploy/demo/stock.ts'
import type { EpochTip } from '@lotkeeper/protocol/ledger/stream.ts'
import { streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Signer } from '@lotkeeper/protocol/parts.ts'
import { BATCH_ENTRIES_MAX, writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { line } from '../contracts/hub-county.ts'
import { testWriter } from '../writer.ts'

/** What one busy node has to send: full batches, chained and signed before the clock runs, for only the other side is measured. */
export interface Load {
  readonly node: string
  readonly epoch: string
  readonly payloads: readonly string[]
  readonly entries: number
  /** Texts and hashes of all entries, as they come to lie in the log. */
  readonly rows: readonly { readonly seq: number; readonly hash: Uint8Array; readonly body: string }[]
  readonly tip: EpochTip
}

/** A day of a node many times over: two receipts and an issue, through its door, over a few hundred lots. */
export const makeLoad = (node: string, signer: Signer, epoch: string, parent: EpochTip['parent'], batches: number): Load => {
  const writer = testWriter(streamOfNode(node), epoch, signer, parent)
  const entries = batches * BATCH_ENTRIES_MAX
  while (writer.texts.length < entries) {
    const at = writer.texts.length
    // What is issued came in just before: no node books its own room below zero.
    const lot = lotAt(at % 3 === 0 ? at - 1 : at)
    const [from, to] = at % 3 === 0 ? ['main/available', '~consumed'] : ['~transit', 'main/available']
    const moved = line(lot, `${node}/${from}`, `${node}/${to}`, at % 3 === 0 ? 2 : 5)
    const by = { actor: 'keeper-1', device: 'door-1', action: `door:door-1-${epoch}-${at}` }
    writer.add({ kind: at % 3 === 0 ? 'issue' : 'receive', lines: [moved], ...by })
  }
  const payloads = Array.from({ length: batches }, (_, at) => {
    const from = at * BATCH_ENTRIES_MAX + 1
    return writeBatch(writer.batch(from, from + BATCH_ENTRIES_MAX - 1), { source: `lotkeeper/${node}`, time: '2026-11-22T01:02:04.000Z' })
  })
  const rows = writer.texts.map((body, at) => ({ seq: at + 1, hash: writer.hashes[at] ?? new Uint8Array(), body }))
  return { node, epoch, payloads, entries, rows, tip: writer.tip() }
}

/** How the next epoch names what it goes on from. */
export const parentOf = ({ epoch, tip }: Load): EpochTip['parent'] => ({ epoch, seq: tip.held, hash: tip.headHash })

const lotAt = (at: number): string => `${DEMO_ITEMS[at % DEMO_ITEMS.length]?.item}/B${(at * 7_919) % LOTS_PER_ITEM}`
const LOTS_PER_ITEM = 30
