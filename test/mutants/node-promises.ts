import { PLAIN } from '@lotkeeper/edge/ledger/writer.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect } from 'vitest'
import { NODE, openNodeHouse, START_MS } from '../crash/houses.ts'
import { AVAILABLE, bookAct, lineOf, PENDING, TRANSIT } from '../crash/node-scenarios.ts'
import { openScratch } from '../crash/scratch.ts'

/** What a node's ledger promises and people seldom try in a season. */
export const NODE_PROMISES: Readonly<Record<string, () => Promise<void>>> = {
  'lets its writer reverse a line once': async () => {
    using scratch = openScratch('promise')
    const house = openNodeHouse(scratch.path, 1)
    await bookAct('take-in', 'receive', lineOf(TRANSIT, PENDING, 20))(house)
    const { stream, epoch, seq } = await bookAct('accept', 'accept', lineOf(PENDING, AVAILABLE, 7))(house)
    const reverse = (action: string) =>
      house.ledger.book({ action, act: 'reverse' }, () => [
        {
          ...{ ...PLAIN, kind: 'reverse', occurredAtMs: START_MS, body: { reason: 'twice' } },
          ...{ reverses: { entry: `${stream}/${epoch}/${seq}`, lines: [0] }, lines: [lineOf(AVAILABLE, PENDING, 7)] },
        },
      ])
    expect(isRefusal(reverse('once'))).toBe(false)
    await bookAct('accept-again', 'accept', lineOf(PENDING, AVAILABLE, 7))(house)
    expect(reverse('twice')).toMatchObject({ code: 'ledger.reverse-twice' })
    expect(house.ledger.read.units('gauze/B1', `${NODE}/main/available`)).toBe(7)
    await house.close()
  },
}
