import { setImmediate } from 'node:timers/promises'
import { placeOf } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import type { HubQuestions } from '../ledger/contract.ts'
import { openLook } from './look.ts'
import { stateCell } from './opening-table.ts'

/** What stands in the rooms of the county, as the table of an old system's stock would hold it: in base units, without a document. */
export const stockRows = async (ask: HubQuestions): Promise<readonly Readonly<Record<string, string>>[]> => {
  const items = new Map((await openLook(ask, ['items'])).items.map((item) => [item.item, item]))
  const rows: Readonly<Record<string, string>>[] = []
  for (let cursor: string | null | undefined; cursor !== null; ) {
    const page = await ask.stock({ limit: PAGE_ROWS, ...(cursor === undefined ? {} : { cursor }) })
    if (isRefusal(page)) throw new Error(`the stock cannot be read: ${page.code}`)
    for (const { site, place, item, itemName, unit, lotNumber, expiry, units } of page.rows) {
      const name = placeOf(place)
      const known = items.get(item)
      rows.push({
        ...{ site, room: name?.room ?? '', state: stateCell(name?.state ?? ''), item, name: itemName.zh, model: known?.model ?? '' },
        ...{ code: known?.packs.find((level) => level.units === 1)?.gtin ?? '', specification: known?.specification ?? '' },
        ...{ lot: lotNumber, expiry: expiry ?? '', quantity: String(units), unit: unit.zh },
      })
    }
    cursor = page.next
    await setImmediate()
  }
  return rows
}

const PAGE_ROWS = 500
