import type { Booked, NodeBody } from '@lotkeeper/protocol/api/node.ts'
import { entryId, type LotKey, roomPlace, streamOfNode } from '@lotkeeper/protocol/names.ts'
import type { Refusal } from '@lotkeeper/protocol/refusals.ts'
import type { NodeRun } from './node.ts'

/** What one act draws beside its own name: every number in [0, 1). */
export interface Luck {
  readonly lot: number
  readonly units: number
  readonly other: number
}

/** One thing people do at a node; repeating it with the same action must change nothing. */
export type Act = (at: NodeRun, action: string, luck: Luck, others: readonly string[]) => Booked | Refusal

export const ACT_NAMES = ['receive', 'accept', 'issue', 'reverse', 'move', 'ship', 'scrap', 'count', 'transform', 'settle'] as const
export type ActName = (typeof ACT_NAMES)[number]

/** Everything people do at a node. */
export const ACTS: Readonly<Record<ActName, Act>> = {
  receive: (at, action, luck) => {
    // Now and then a label says another date than the county knows: the earlier rules, and somebody must look.
    const expiry = luck.units < 0.01 ? '2028-02-29' : EXPIRY
    const receipt: NodeBody<'receive'> = {
      action,
      item: ITEM.item,
      lotNumber: lotNumberOf(luck),
      expiry,
      room: 'main',
      quantity: 1 + Math.floor(luck.units * 2),
      pack: 'box',
      anotherBox: true,
      accept: luck.other < 0.5,
    }
    return at.stockroom().receive(receipt, KEEPER)
  },
  accept: (at, action, luck) => {
    const room = roomPlace(at.node, 'main', 'pending')
    const waiting = at
      .ledger()
      .read.positions()
      .filter(({ place }) => place === room)
    const { lot, units } = waiting[Math.floor(luck.lot * waiting.length)] ?? { lot: lotIn(luck), units: 1 }
    return at.stockroom().accept({ action, lot, room: 'main', units: Math.max(1, units) }, KEEPER)
  },
  issue: (at, action, luck) => {
    const to = luck.other < 0.3 ? { to: 'ward' } : {}
    const more = luck.other > 0.2 ? { moreThanBook: true } : {}
    return at.stockroom().issue({ action, lot: lotIn(luck), room: 'main', quantity: unitsOf(luck), pack: '', ...to, ...more }, KEEPER)
  },
  reverse: (at, action, luck) => {
    const rows = at.ledger().read.movements({ limit: 12 })
    const entry = rows[Math.floor(luck.other * rows.length)]?.id ?? entryId(streamOfNode(at.node), '0'.repeat(16), 1)
    return at.stockroom().reverse({ action, entry, reason: 'a mistake' }, KEEPER)
  },
  move: (at, action, luck) => {
    const { lot, units } = inHand(at, luck)
    const [from, to] = [roomPlace(at.node, 'main', 'available'), roomPlace(at.node, luck.other < 0.5 ? 'ward' : 'main', 'held')]
    return at.stockroom().move({ action, lot, from, to, units }, KEEPER)
  },
  ship: (at, action, luck, others) => {
    const to = others[Math.floor(luck.other * others.length)] ?? 'nowhere'
    const { lot, units } = inHand(at, luck)
    const more = luck.units < 0.2 ? { moreThanBook: true } : {}
    return at.stockroom().ship({ action, to, room: 'main', lines: [{ lot, quantity: units, pack: '' }], ...more }, KEEPER)
  },
  scrap: (at, action, luck) => {
    const { lot, units } = inHand(at, luck)
    return at.stockroom().scrap({ action, place: roomPlace(at.node, 'main', 'available'), lot, units, reason: 'wet' }, KEEPER)
  },
  count: (at, action, luck) => {
    const place = roomPlace(at.node, 'main', 'available')
    const { lot } = inHand(at, luck)
    const counted = Math.max(0, at.ledger().read.units(lot, place) + (luck.other < 0.7 ? 0 : Math.floor(luck.units * 7) - 3))
    return at.stockroom().count({ action, place, lot, counted }, KEEPER)
  },
  transform: (at, action, luck) => {
    const { lot, units } = inHand(at, luck)
    const to = [{ item: ITEM.item, lotNumber: 'K1', expiry: EXPIRY, units }]
    return at.stockroom().transform({ action, act: 'repack', room: 'main', from: [{ lot, units }], to }, KEEPER)
  },
  /** Something the node or the county asks for; what the rooms do not hold cannot be corrected away, and is declined. */
  settle: (at, action, luck) => {
    const tasks = at.ledger().read.openTasks()
    const task = tasks[Math.floor(luck.lot * tasks.length)]
    if (!task) return ACTS.count(at, action, luck, [])
    if (luck.other < 0.1) return at.stockroom().settle({ action, task: task.task, answer: 'none', reason: 'not so' }, KEEPER)
    if (task.opening) return at.stockroom().settle({ action, task: task.task, answer: 'take', sure: true }, KEEPER)
    if (task.asks?.what === 'correct') return at.stockroom().settle({ action, task: task.task, answer: 'book' }, KEEPER)
    const [lot, place] = [task.asks?.lot ?? lotIn(luck), task.asks?.place ?? roomPlace(at.node, 'main', 'available')]
    return at.stockroom().count({ action, place, lot, counted: Math.max(0, at.ledger().read.units(lot, place)), task: task.task }, KEEPER)
  },
}

export const ITEM = {
  item: 'gauze',
  version: 1,
  name: { zh: '纱布', en: 'gauze' },
  model: '10x10',
  unit: { zh: '片', en: 'piece' },
  packs: [{ gtin: null, pack: 'box', units: 20 }],
  nearDays: [30, 0],
}
export const EXPIRY = '2028-01-31'
const LOT_NUMBERS = ['A1', 'A2', 'B1', 'B2'] as const
const KEEPER = 'keeper'

const lotNumberOf = ({ lot }: Pick<Luck, 'lot'>): string => LOT_NUMBERS[Math.floor(lot * LOT_NUMBERS.length)] ?? 'A1'
export const lotIn = (luck: Pick<Luck, 'lot'>): LotKey => `${ITEM.item}/${lotNumberOf(luck)}`
const unitsOf = ({ units }: Luck): number => 1 + Math.floor(units * 9)

/** The lot drawn, or the one there is most of when people must have something in their hands. */
const inHand = (at: NodeRun, luck: Luck): { readonly lot: LotKey; readonly units: number } => {
  const room = roomPlace(at.node, 'main', 'available')
  const most = at
    .ledger()
    .read.positions()
    .filter(({ place }) => place === room)
    .toSorted((one, other) => other.units - one.units || (one.lot < other.lot ? -1 : 1))[0]
  return most && luck.other < 0.95
    ? { lot: most.lot, units: Math.min(most.units, unitsOf(luck)) }
    : { lot: lotIn(luck), units: unitsOf(luck) }
}
