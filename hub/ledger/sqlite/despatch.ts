import { despatchAction, withdrawAction } from '@lotkeeper/protocol/ledger/despatch.ts'
import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { isRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import {
  type EntryId,
  entryId,
  entryOf,
  HUB,
  type LotKey,
  type NodeId,
  placeOf,
  streamToNode,
  writerOf,
} from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import { openTold } from '../../projections/told.ts'
import type { HubDraft } from '../contract.ts'

/**
 * What the hub tells the receivers of goods because of an entry of a node: the despatch advices of what it sends, one for each other node, and that
 * an advice is taken back once all its lines were undone at their sender. Nobody but the hub hears of a shipment otherwise.
 */
export const openDespatch = (db: Database): ((id: EntryId, entry: Entry) => readonly DespatchDraft[]) => {
  const expiry = db.prepare<[LotKey], string | null>('select expiry from lot where lot = ?').pluck()
  const reversed = db.prepare<[EntryId], number>('select line from reversal where entry = ?').pluck()
  const told = db.prepare<[string], ToldRow>('select part, stream, epoch, seq from acted where action = ? order by part')
  const log = openTold(db)

  const advices = (id: EntryId, entry: Entry): readonly DespatchDraft[] => {
    const writer = writerOf(entry.stream)
    const groups = sentBy(entry)
    if (groups.length === 0) return []
    // Its text may come when what undoes it is long known: it had been a hole. Nobody needs to hear of that.
    const undone = new Set(reversed.all(id))
    return groups.flatMap(([to, sent], part) => {
      const carried = sent
        .filter(({ at }) => !undone.has(at))
        .map(({ line: { lot, units, tags } }) => ({ lot, units, tags, expiry: expiry.get(lot) ?? null }))
      if (carried.length === 0) return []
      const bulky = JSON.stringify(carried).length > CARRIED_LENGTH_MAX
      const lines = bulky ? carried.map((one) => ({ ...one, tags: [] })) : carried
      const doc = entry.doc ?? NO_DOCUMENT
      const body = { doc, type: 'despatch-advice' as const, from: writer, to, lines, due: null }
      const fixed = { actor: null, lines: [], reverses: null }
      return [{ ...fixed, stream: streamToNode(to), kind: 'document', action: despatchAction(entry), part, doc, refs: [id], body }]
    })
  }
  const withdrawals = (id: EntryId, { stream: writer, reverses }: Entry): readonly DespatchDraft[] => {
    const place = reverses && entryOf(reverses.entry)
    if (!reverses || !place || place.stream !== writer) return []
    const documents = told.all(despatchAction(place))
    const shipment = documents.length > 0 ? log.entry(reverses.entry) : null
    if (!shipment) return []
    const undone = new Set(reversed.all(reverses.entry))
    const back = new Set(sentBy(shipment).flatMap(([to, sent]) => (sent.every(({ at }) => undone.has(at)) ? [streamToNode(to)] : [])))
    const fixed = { kind: 'reverse', actor: null, lines: [], body: {}, doc: shipment.doc ?? NO_DOCUMENT } as const
    return documents
      .filter(({ stream }) => back.has(stream))
      .map(({ part, stream, epoch, seq }) => {
        const named = { entry: entryId(stream, epoch, seq), lines: [] }
        return { ...fixed, stream, action: withdrawAction(place), part, refs: [id], reverses: named }
      })
  }
  return (id, entry) => (entry.reverses ? withdrawals(id, entry) : advices(id, entry))
}

/** The hub's word on goods under way; `refs` names the entry it follows from. */
export type DespatchDraft = HubDraft<'document' | 'reverse'> & Pick<Entry, 'refs' | 'reverses'>

interface ToldRow {
  readonly part: number
  readonly stream: string
  readonly epoch: string
  readonly seq: number
}

/** The lines of an entry that send goods to other nodes, with their numbers, by receiver. */
const sentBy = ({
  stream,
  lines,
}: Entry): readonly (readonly [NodeId, readonly { readonly at: number; readonly line: Entry['lines'][number] }[]])[] => {
  const sent = lines.flatMap((line, at) => {
    const to = receiverOf(writerOf(stream), line)
    return to === null ? [] : [{ to, at, line }]
  })
  return [...Map.groupBy(sent, ({ to }) => to)]
}

/** The other node a line sends goods to out of a room, or `null`. */
const receiverOf = (writer: NodeId, { from, to }: Entry['lines'][number]): NodeId | null => {
  // Asked of every line that is booked, and few go on their way: most are told by how the name ends.
  if (!to.endsWith(TRANSIT)) return null
  const place = placeOf(to)
  return isRoom(from) && place?.virtual === 'transit' && place.owner !== writer && place.owner !== HUB ? place.owner : null
}

const TRANSIT = '/~transit'

/** As goods under way without a document are kept everywhere. */
const NO_DOCUMENT = '-'
/** Characters of lines with their tags that surely fit into an entry beside the rest; beyond it the tags are left out, for they only spare work. */
const CARRIED_LENGTH_MAX = 14_000
