import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { CHAIN_START, hashesAfter, signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import { type Entry, writeEntry } from '@lotkeeper/protocol/ledger/entry.ts'
import { expect } from 'vitest'
import { book, inDays, standingAtHub, untilStands } from '../acts.ts'
import { breachesOf, entriesOf, untilHeld } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { testParts } from '../parts.ts'
import { ENTRY_DEFAULTS } from '../writer.ts'
import { openDiscrepancies } from './hub-file.ts'
import { enrolStranger, type Stranger } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] }).extend('stranger', { scope: 'file' }, ({ county }) => enrolStranger(county, 'baisha'))

const OWN = 'baisha>*'
const LINE = { lot: 'gauze-10x10/B1', from: 'baisha/~supplier', to: 'baisha/main/pending', units: 3, entered: null, tags: [] }
const entryOf = (epoch: string, seq: number, more: Partial<Entry>): Entry =>
  ({ ...ENTRY_DEFAULTS, stream: OWN, epoch, seq, action: `act-${epoch}-${seq}`, ...more }) as Entry

/** A stream in which every third is written by software that nobody here has yet. */
const streamOf = (epoch: string, newer: object): readonly string[] => [
  writeEntry(entryOf(epoch, 1, { kind: 'epoch', body: { parent: null, software: '9.0.0' } })),
  writeEntry(entryOf(epoch, 2, { kind: 'receive', lines: [LINE] })),
  canonicalText({ ...entryOf(epoch, 3, { lines: [LINE] }), ...newer }),
  writeEntry(entryOf(epoch, 4, { kind: 'receive', lines: [LINE] })),
]
const sealed = ({ signer }: Stranger, epoch: string, entries: readonly string[]) => {
  const head = {
    stream: OWN,
    epoch,
    upto: entries.length,
    headHash: hexOf(hashesAfter(testParts, CHAIN_START, entries).at(-1) ?? CHAIN_START),
  }
  return { ...head, from: 1, key: signer.key, signature: signer.sign(signedHead(testParts, head)), entries }
}

test.for([
  ['of a kind nobody knows here', '00000000000000c1', { kind: 'teleport' }],
  ['of a later version with other fields', '00000000000000c2', { v: 2, kind: 'receive', mood: 'good' }],
] as const)(
  'an entry %s is held and waits, with all behind it; what stands before it counts',
  async ([_, epoch, newer], { county, stranger }) => {
    const hub = await county.hubClient()
    const before = (await standingAtHub(hub, 'baisha'))['main/pending gauze-10x10/B1'] ?? 0
    const present = await stranger.comeOnLine()
    const entries = streamOf(epoch, newer)
    await present.send(sealed(stranger, epoch, entries))
    const tipOf = () => present.told(OWN).filter((tip) => tip.epoch === epoch)
    const [tip] = await until('the hub to say what it holds', tipOf, ([first]) => first !== undefined)
    expect(tip).toMatchObject({ held: 4, applied: 2, refused: [] })
    expect(await standingAtHub(hub, 'baisha')).toEqual({ 'main/pending gauze-10x10/B1': before + 3 })
    expect((await openDiscrepancies(county)).filter((one) => one === 'entry-parked baisha')).not.toEqual([])
    await present.leave()
  },
)

test('a start of the hub changes nothing: held as it came, byte for byte', async ({ county }) => {
  await county.hub().stop()
  await county.startHub()
  expect(await standingAtHub(await county.hubClient(), 'baisha')).toEqual({ 'main/pending gauze-10x10/B1': 6 })
  expect(entriesOf(county, 'hub', OWN).map(({ kind }) => kind)).toEqual([
    'epoch',
    'receive',
    'teleport',
    'receive',
    'epoch',
    'receive',
    'receive',
    'receive',
  ])
  expect(await openDiscrepancies(county)).toEqual(['entry-parked baisha', 'entry-parked baisha'])
})

test('others work on, nothing was set aside, and the books are true', async ({ county }) => {
  const box = { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 1, pack: '盒' }
  await book(await county.township('qinglong').client(), 'receive', box)
  await untilHeld(county, 60_000)
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 100 })
  expect(await breachesOf(county)).toEqual([])
})
