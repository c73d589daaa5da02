import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { boxGtin } from '@lotkeeper/deploy/demo/stock.ts'
import { expect } from 'vitest'
import { inDays, untilStands } from '../acts.ts'
import { breachesOf, entriesOf } from '../books.ts'
import { countyTest, until } from '../county.ts'

const test = countyTest({ nodes: ['qinglong'] })
const GTIN = boxGtin('gauze-10x10')
const date = inDays(600).slice(2).replaceAll('-', '')

/** What a scanner sends, and what the keeper is told. */
const SCANS: readonly (readonly [what: string, text: string, code: string])[] = [
  ['a wrong check digit', `]d201${GTIN.slice(0, 13)}${(Number(GTIN[13]) + 1) % 10}17${date}10B1`, 'codes.check-digit-wrong'],
  ['a wrong check digit on an EAN-13', ']E06901234567893', 'codes.check-digit-wrong'],
  ['a month thirteen', `]d201${GTIN}17311331`, 'codes.date-wrong'],
  ['an item nobody has', ']d20106901234569995', 'stockroom.item-unknown'],
  ['letters of no code', ']C0HELLO', 'codes.not-gs1'],
]

test.for(SCANS)('%s: shown with its reason on the page and over the wire, and nothing is booked', async ([_, text, code], { county }) => {
  const town = county.township('qinglong')
  const client = await town.client()
  // What is scanned before the node has opened its port is lost.
  await until(
    'the scanner to be connected',
    async () => (await client.get('devices')).rows.find(({ kind }) => kind === 'scanner')?.state,
    (state) => state === 'connected',
  )
  const before = (await client.get('scans')).rows.length
  town.doorway.scanner.noise(Buffer.from(`${text}\r`))
  const [shown] = await until(
    'the scan to be shown',
    async () => (await client.get('scans')).rows,
    ({ length }) => length > before,
  )
  const told = { code, zh: expect.stringMatching(/[\u4e00-\u9fff]/), en: expect.stringMatching(/[a-z]/) }
  expect(shown).toMatchObject({ scan: text, scanner: 'table-scanner', refused: told, lot: null })
  expect((await client.get('scan', { action: newAction(), text })).refused).toMatchObject(told)
})

test('nothing stands anywhere, the code nobody knows waits for an answer, and the books are true', async ({ county }) => {
  await untilStands(county, 'qinglong', {})
  // A machine that stood still leaves gaps of its readers in the book.
  expect(entriesOf(county, 'qinglong').flatMap(({ kind }) => (kind === 'gap' ? [] : [kind]))).toEqual(['epoch', 'code-met'])
  expect(await breachesOf(county)).toEqual([])
})
