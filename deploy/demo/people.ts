import type { Booked } from '@lotkeeper/protocol/api/node.ts'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { newAction, wasRefused } from '../county/client.ts'
import type { Box, County } from '../county/county.ts'
import type { Township } from '../county/township.ts'
import { boxEpc, boxGtin, boxScan, DEMO_ITEMS, DEMO_LOTS, dateAfter } from './stock.ts'

/** What people of the demo do, one act at a time; each answers a sentence of what happened. */
export interface People {
  /** A supplier's boxes are announced to a site and carried in through its door. */
  readonly deliver: (node: string, boxes?: number) => Promise<string>
  /** The keeper inspects what waits and accepts it; what is past its day stays. */
  readonly accept: (node: string) => Promise<string>
  /** Some packs are used, soonest expiry first. */
  readonly issue: (node: string) => Promise<string>
  /** A tagged box goes from the store to the treatment room. */
  readonly carryOut: (node: string) => Promise<string>
  /** Somebody turns back in the door. */
  readonly hesitate: (node: string) => Promise<string>
  /** A carton is scanned at the table. */
  readonly scan: (node: string) => Promise<string>
}

export const openPeople = (county: County, today: () => string): People => {
  // Serial numbers follow the clock, so that a county kept from yesterday never meets a tag twice.
  let serial = Math.floor(Date.now() / 100)
  const newBox = (): Box => {
    const lot = pick(DEMO_LOTS)
    serial += 1
    return {
      epc: boxEpc(boxGtin(lot.item), serial),
      item: lot.item,
      lotNumber: lot.lotNumber,
      expiry: dateAfter(lotDay(today()), lot.daysLeft),
    }
  }
  return {
    deliver: async (node, count = 1 + Math.floor(Math.random() * 2)) => {
      const boxes = Array.from({ length: count }, newBox)
      await county.announce(node, boxes, `ASN-${today().replaceAll('-', '')}-${serial % 10_000}`)
      const town = county.township(node)
      await known(town, boxes)
      await town.doorway.walk(
        'in',
        boxes.map((box) => box.epc),
      )
      return `送到 ${boxes.map(named).join('、')}，从库房门搬入`
    },
    accept: async (node) => {
      const { rows } = await (await county.township(node).client()).get('stock', { limit: 500 })
      const waiting = rows.filter((row) => placeOf(row.place)?.state === 'pending' && row.expiryState !== 'expired' && row.units > 0)
      for (const row of waiting)
        await asked(county.township(node), 'accept', {
          action: newAction(),
          lot: row.lot,
          room: placeOf(row.place)?.room ?? 'main',
          units: row.units,
        })
      return waiting.length > 0
        ? `验收 ${waiting.map((row) => `${row.itemName.zh} ${row.lotNumber} ×${row.units}`).join('、')}`
        : '没有待验收的货'
    },
    issue: async (node) => {
      const { rows } = await (await county.township(node).client()).get('stock', { limit: 500 })
      const usable = rows.filter((row) => row.place === `${node}/main/available` && row.expiryState !== 'expired' && row.units > 0)
      const row = usable[Math.floor(Math.random() * Math.min(3, usable.length))]
      if (!row) return '没有可领用的货'
      const quantity = Math.min(row.units, 1 + Math.floor(Math.random() * 10))
      await asked(county.township(node), 'issue', { action: newAction(), lot: row.lot, room: 'main', quantity, pack: row.unit.zh })
      return `领用 ${row.itemName.zh} ${row.lotNumber} ×${quantity} ${row.unit.zh}`
    },
    carryOut: async (node) => {
      const { rows } = await (await county.hubClient()).get('tags', { site: node, limit: 200 })
      const { rows: stock } = await (await county.township(node).client()).get('stock', { limit: 500 })
      const here = rows.filter((tag) =>
        stock.some((row) => row.place === `${node}/main/available` && row.lot === tag.lot && row.units >= tag.units),
      )
      const tag = here.length > 0 ? pick(here) : null
      if (!tag) return '库房里没有整箱可搬'
      await county.township(node).doorway.walk('out', [tag.epc])
      return `把一箱 ${tag.lotNumber} 从库房搬到治疗室`
    },
    hesitate: async (node) => {
      const { rows } = await (await county.hubClient()).get('tags', { site: node, limit: 50 })
      const tag = rows.length > 0 ? pick(rows) : null
      if (!tag) return '没有带标签的货'
      await county.township(node).doorway.walk('turn-back-inside', [tag.epc])
      return `有人抱着一箱 ${tag.lotNumber} 走到门口又折回`
    },
    scan: async (node) => {
      const lot = pick(DEMO_LOTS)
      const expiry = dateAfter(lotDay(today()), lot.daysLeft)
      county.township(node).doorway.scanner.scan(boxScan(boxGtin(lot.item), lot.lotNumber, expiry).slice(3))
      return `扫了一盒 ${lot.lotNumber}`
    },
  }
}

/** Lots keep one expiry however long the demo runs: days count from the first of the month. */
const lotDay = (today: string): string => `${today.slice(0, 8)}01`

const pick = <T>(list: readonly T[]): T => list[Math.floor(Math.random() * list.length)] as T

const named = (box: Box): string => `${DEMO_ITEMS.find((item) => item.item === box.item)?.name.zh ?? box.item} ${box.lotNumber}`

/** Waits until the node knows the announced tags, at most a few seconds: with the line down it will know them later. */
const known = async (town: Township, boxes: readonly Box[]): Promise<void> => {
  const client = await town.client()
  for (let tries = 0; tries < 40; tries += 1) {
    const last = boxes.at(-1)
    const view = last ? await client.ask('scan', { action: newAction(), text: last.epc }) : null
    if (view && !wasRefused(view) && view.lot !== null) return
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

const asked = async (town: Township, route: 'accept' | 'issue', body: Record<string, unknown>): Promise<Booked | null> => {
  const answer = await (await town.client()).ask(route, body as never)
  return wasRefused(answer) ? null : (answer as Booked)
}
