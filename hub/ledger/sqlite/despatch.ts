import type { Entry } from '@lotkeeper/protocol/ledger/entry.ts'
import { isRoom } from '@lotkeeper/protocol/ledger/movement.ts'
import { type EntryId, HUB, type LotKey, type NodeId, placeOf, streamToNode, writerOf } from '@lotkeeper/protocol/names.ts'
import type { Database } from '../../database.ts'
import type { HubDraft } from '../contract.ts'

/**
 * The despatch advices that follow from an entry of a node: one for each other node its lines send goods to, with what they carry. Nobody but the
 * hub hears of a shipment otherwise.
 */
export const openDespatch = (db: Database): ((id: EntryId, entry: Entry) => readonly DespatchDraft[]) => {
  const expiry = db.prepare<[LotKey], string | null>('select expiry from lot where lot = ?').pluck()
  return (id, entry) => {
    const writer = writerOf(entry.stream)
    const sent = entry.lines.flatMap((line) => {
      const to = receiverOf(writer, line)
      return to === null ? [] : [{ to, line }]
    })
    return [...Map.groupBy(sent, ({ to }) => to)].map(([to, lines], part) => {
      const carried = lines.map(({ line: { lot, units, tags } }) => ({ lot, units, tags, expiry: expiry.get(lot) ?? null }))
      const bulky = JSON.stringify(carried).length > CARRIED_LENGTH_MAX
      const told = bulky ? carried.map((one) => ({ ...one, tags: [] })) : carried
      const doc = entry.doc ?? NO_DOCUMENT
      const body = { doc, type: 'despatch-advice' as const, from: writer, to, lines: told, due: null }
      // An action has no room for every sign of an entry's name.
      const action = `despatch:${writer}/${entry.epoch}/${entry.seq}`
      return { stream: streamToNode(to), kind: 'document', action, part, actor: null, doc, refs: [id], lines: [], body }
    })
  }
}

/** The hub's word on goods under way; `refs` names the entry that sent them. */
export type DespatchDraft = HubDraft<'document'> & Pick<Entry, 'refs'>

/** The other node a line sends goods to out of a room, or `null`. */
const receiverOf = (writer: NodeId, { from, to }: Entry['lines'][number]): NodeId | null => {
  const place = placeOf(to)
  return isRoom(from) && place?.virtual === 'transit' && place.owner !== writer && place.owner !== HUB ? place.owner : null
}

/** As goods under way without a document are kept everywhere. */
const NO_DOCUMENT = '-'
/** Characters of lines with their tags that surely fit into an entry beside the rest; beyond it the tags are left out, for they only spare work. */
const CARRIED_LENGTH_MAX = 14_000
