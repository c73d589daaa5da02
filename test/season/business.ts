import type { Book, Draft } from '@lotkeeper/edge/ledger/contract.ts'
import { PLAIN } from '@lotkeeper/edge/ledger/writer.ts'
import type { Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { shortfall } from '@lotkeeper/protocol/ledger/movement.ts'
import { roomPlace, STREAM_TO_ALL, streamToNode, transitTo, virtualPlace } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { HubRun } from './hub.ts'
import type { NodeRun } from './node.ts'

/** What people of a season do, drawn by the seed. */
export interface Business {
  /** The hub writes the catalogue and announces the first goods. */
  readonly prepare: () => Promise<void>
  /** One act at one node; answers what it was, for the counts. */
  readonly act: (node: NodeRun) => Promise<string>
}

export const openBusiness = (hub: HubRun, nodes: readonly NodeRun[], draw: () => number): Business => {
  let actions = 0
  let tags = 0
  const announce = async (node: string) => {
    tags += 1
    const lot = LOTS[Math.floor(draw() * LOTS.length)] ?? 'gauze/A1'
    const epc = `30${tags.toString(16).toUpperCase().padStart(22, '0')}`
    const line: Line = { lot, from: virtualPlace('hub', 'supplier'), to: transitTo(node), units: 20, entered: null, tags: [epc] }
    const body = { epc, lot, printed: lot, expiry: '2028-01-31', pack: 'box', units: 20, site: node }
    await hub
      .ledger()
      .write([
        { stream: streamToNode(node), kind: 'tag', action: `tag-${tags}`, part: 0, actor: null, doc: `ASN-${tags}`, lines: [line], body },
      ])
  }
  return {
    prepare: async () => {
      await hub
        .ledger()
        .write([{ stream: STREAM_TO_ALL, kind: 'item', action: 'item-gauze', part: 0, actor: null, doc: null, lines: [], body: ITEM }])
      for (const node of nodes) for (let box = 0; box < 3; box += 1) await announce(node.node)
    },
    act: async (node) => {
      actions += 1
      const luck = draw()
      if (luck < 0.1 && hub.isUp()) {
        await announce(node.node)
        return 'announced'
      }
      const action = `${node.node}-${actions}`
      const choice = draw()
      const lot = LOTS[Math.floor(draw() * LOTS.length)] ?? 'gauze/A1'
      const units = 1 + Math.floor(draw() * 9)
      const decide = (book: Book): readonly Draft[] => [draftOf(node.node, book, choice, lot, units)]
      const booked = node.ledger().book({ action, act: 'season' }, decide)
      if (isRefusal(booked)) return `refused ${booked.code}`
      node.answered.set(action, booked.entries[0]?.hash ?? '')
      // A tablet that heard no answer asks again: the same action must change nothing.
      const again = draw() < 0.1 ? node.ledger().book({ action, act: 'season' }, decide) : null
      if (again && (isRefusal(again) || again.fresh || again.entries[0]?.hash !== booked.entries[0]?.hash))
        throw new Error(`${action} was booked twice`)
      return booked.entries[0]?.entry.kind ?? 'nothing'
    },
  }
}

const LOTS = ['gauze/A1', 'gauze/A2', 'gauze/B1'] as const
const ITEM = {
  item: 'gauze',
  version: 1,
  name: { zh: '纱布', en: 'gauze' },
  model: '10x10',
  unit: { zh: '片', en: 'piece' },
  packs: [{ gtin: null, pack: 'box', units: 20 }],
  nearDays: [30, 0],
}

/** A receipt of what is announced, an acceptance, a use (more than the book has, at times), a move or a reversal of it. */
const draftOf = (node: string, book: Book, choice: number, lot: string, units: number): Draft => {
  const pending = roomPlace(node, 'main', 'pending')
  const available = roomPlace(node, 'main', 'available')
  const line = (from: string, to: string, count: number): Line => ({ lot, from, to, units: count, entered: null, tags: [] })
  const draft = (kind: 'receive' | 'accept' | 'issue' | 'move', lines: readonly Line[]): Draft => ({
    ...PLAIN,
    kind,
    occurredAtMs: Date.parse('2026-11-22T00:00:00.000Z'),
    lines: [...lines],
    body: {},
  })
  const announced = book.units(lot, transitTo(node))
  if (choice < 0.35 && announced > 0) return draft('receive', [line(transitTo(node), pending, Math.min(announced, 20))])
  if (choice < 0.6 && book.units(lot, pending) > 0) return draft('accept', [line(pending, available, book.units(lot, pending))])
  if (choice < 0.7 && book.units(lot, available) >= units)
    return draft('move', [line(available, roomPlace(node, 'clinic', 'available'), units)])
  const short = shortfall(book.units(lot, available), units)
  const found = short > 0 ? [line(virtualPlace(node, 'unexplained'), available, short)] : []
  return draft('issue', [...found, line(available, virtualPlace(node, 'consumed'), units)])
}
