import type { StockRow } from '@lotkeeper/protocol/api/views.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { newAction, wasRefused } from '../county/client.ts'
import type { County } from '../county/county.ts'

/** The rarer acts of the demo's keepers; each answers a sentence of what happened. */
export interface Keepers {
  /** A lot is counted; now and then a piece or two is missing. */
  readonly count: (node: string) => Promise<string>
  /** A lot is split, or gauze, swabs and a bandage become a dressing kit. */
  readonly repack: (node: string) => Promise<string>
  /** Some units are sent to another health centre. */
  readonly ship: (node: string) => Promise<string>
  /** What others sent is received. */
  readonly receiveShipped: (node: string) => Promise<string>
  /** What is past its day goes into quarantine, and what lies there longest is scrapped. */
  readonly clearOut: (node: string) => Promise<string>
  /** What the county asked to count is counted. */
  readonly answer: (node: string) => Promise<string>
}

export const openKeepers = (county: County, today: () => string): Keepers => {
  const client = (node: string) => county.township(node).client()
  const shelf = async (node: string): Promise<readonly StockRow[]> => {
    const { rows } = await (await client(node)).get('stock', { limit: 500 })
    return rows.filter((row) => row.place === `${node}/main/available` && row.units > 0 && row.expiryState !== 'expired')
  }
  const word = (row: StockRow, units: number): string => `${row.itemName.zh} ${row.lotNumber} ×${units} ${row.unit.zh}`
  const count = async (node: string): Promise<string> => {
    const row = pick(await shelf(node))
    if (!row) return '没有可盘点的货'
    const missing = row.units > 20 && Math.random() < DIFFERS ? 1 + Math.floor(Math.random() * 2) : 0
    const counted = row.units - missing
    const reason = missing > 0 ? { reason: '领用漏记' } : {}
    await (await client(node)).get('count', { action: newAction(), place: row.place, lot: row.lot, counted, book: row.units, ...reason })
    return missing > 0 ? `盘点 ${word(row, counted)}，比账面少 ${missing}` : `盘点 ${word(row, counted)}，与账面一致`
  }
  return {
    count,
    repack: async (node) => {
      const rows = await shelf(node)
      const kit = KIT_PARTS.map(({ item, units }) => ({ units, row: rows.find((row) => row.item === item && row.units >= 4 * units) }))
      const asked = kit.every(({ row }) => row) && Math.random() < KIT_DRAWN ? kitOf(kit, today()) : splitOf(rows)
      if (!asked) return '没有可分装的货'
      const answer = await (await client(node)).ask('transform', { action: newAction(), room: 'main', ...asked.body })
      return wasRefused(answer) ? `（${answer.problem.title}）` : asked.words
    },
    ship: async (node) => {
      const row = pick((await shelf(node)).filter((one) => one.units >= 20 && (one.daysLeft ?? 999) > 30))
      const to = pick(county.townships.filter((town) => town.node !== node))
      if (!row || !to) return '没有可调拨的货'
      const quantity = 5 * (1 + Math.floor(Math.random() * 3))
      const lines = [{ lot: row.lot, quantity, pack: row.unit.zh }]
      await (await client(node)).get('ship', { action: newAction(), to: to.node, room: 'main', lines })
      return `调拨 ${word(row, quantity)} 发往 ${to.node}`
    },
    receiveShipped: async (node) => {
      const at = await client(node)
      const { rows } = await at.get('expected')
      const come = rows.filter((row) => row.from !== 'hub' && row.announced > row.received)
      for (const row of come)
        await at.get('receive', {
          ...{ action: newAction(), item: row.item, lotNumber: row.lotNumber, expiry: row.expiry, room: 'main', accept: true },
          ...{ quantity: row.announced - row.received, pack: row.unit.zh },
          ...(row.doc === null ? {} : { doc: row.doc }),
        })
      return come.length > 0
        ? `收到 ${come.map((row) => `${row.itemName.zh} ${row.lotNumber}（${row.from} 发来）`).join('、')}`
        : '没有别站发来的货'
    },
    clearOut: async (node) => {
      const at = await client(node)
      const { rows } = await at.get('stock', { limit: 500 })
      const past = rows.filter((row) => row.expiryState === 'expired' && row.units > 0 && placeOf(row.place)?.room === 'main')
      const held = past.find((row) => placeOf(row.place)?.state === 'held')
      if (held) {
        await at.get('scrap', { action: newAction(), place: held.place, lot: held.lot, units: held.units, reason: '已过期' })
        return `报废 ${word(held, held.units)}`
      }
      const [row] = past
      if (!row) return '没有过期的货'
      await at.get('move', {
        ...{ action: newAction(), lot: row.lot, from: row.place, to: `${node}/main/held`, units: row.units },
        reason: '已过期，待报废',
      })
      return `隔离 ${word(row, row.units)}`
    },
    answer: async (node) => {
      const at = await client(node)
      const { rows } = await at.get('tasks')
      const task = rows.find((one) => one.ask?.what === 'count')
      if (!task?.ask) return count(node)
      const { place, lot, book } = task.ask
      await at.get('count', { action: newAction(), place, lot, counted: Math.max(0, book), book, task: task.task })
      return `按要求盘点 ${task.ask.itemName.zh} ${task.ask.lotNumber} ×${Math.max(0, book)}`
    },
  }
}

type Transform = { readonly act: 'kit' | 'split'; readonly from: Lines; readonly to: Made; readonly reason?: string }
type Lines = { lot: string; units: number }[]
type Made = { item: string; lotNumber: string; expiry: string | null; units: number }[]

/** Two dressing kits out of one lot of each part; the kit ends with the part that ends first. */
const kitOf = (parts: readonly { readonly row: StockRow | undefined; readonly units: number }[], today: string) => {
  const used = parts.flatMap(({ row, units }) => (row ? [{ row, units: units * KITS }] : []))
  const expiry = used.flatMap(({ row }) => (row.expiry === null ? [] : [row.expiry])).sort()[0] ?? null
  const lotNumber = `HY${today.slice(2).replaceAll('-', '')}-${serialOf()}`
  const body: Transform = {
    act: 'kit',
    from: used.map(({ row, units }) => ({ lot: row.lot, units })),
    to: [{ item: 'dressing-kit', lotNumber, expiry, units: KITS }],
  }
  return { body, words: `组成 ${KITS} 个换药包 ${lotNumber}` }
}

/** A fifth of a lot gets a number of its own. */
const splitOf = (rows: readonly StockRow[]) => {
  const row = pick(rows.filter((one) => one.units >= 50 && !one.lotNumber.includes('-')))
  if (!row) return null
  const units = Math.floor(row.units / 5)
  const lotNumber = `${row.lotNumber}-${serialOf()}`
  const body: Transform = {
    act: 'split',
    from: [{ lot: row.lot, units }],
    to: [{ item: row.item, lotNumber, expiry: row.expiry, units }],
  }
  return { body, words: `从 ${row.itemName.zh} ${row.lotNumber} 分出 ${lotNumber} ×${units}` }
}

const serialOf = (): string => String(Math.floor(Date.now() / 1_000) % 100_000)
const pick = <T>(list: readonly T[]): T | undefined => list[Math.floor(Math.random() * list.length)]

/** What a dressing kit holds. */
const KIT_PARTS = [
  { item: 'gauze-10x10', units: 4 },
  { item: 'cotton-swab', units: 1 },
  { item: 'bandage-6x500', units: 1 },
] as const
const KITS = 2
const KIT_DRAWN = 0.6
/** Few counts differ, as in a store that is kept well: the board should show what is wrong, not that people count. */
const DIFFERS = 0.12
