import { signedHead } from '@lotkeeper/protocol/ledger/chain.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import { expect } from 'vitest'
import { book, inDays, standingAtHub, untilStands } from '../acts.ts'
import { breachesOf } from '../books.ts'
import { countyTest, until } from '../county.ts'
import { testParts, testSigner } from '../parts.ts'
import { testWriter } from '../writer.ts'
import { openDiscrepancies, setAside } from './hub-file.ts'
import { enrolStranger, type Stranger } from './stranger.ts'

const test = countyTest({ nodes: ['qinglong'] }).extend('stranger', { scope: 'file' }, ({ county }) => enrolStranger(county, 'baisha'))

const OWN = 'baisha>*'
const LINE = { lot: 'gauze-10x10/B7', from: 'baisha/~supplier', to: 'baisha/main/pending', units: 7, entered: null, tags: [] }
const written = ({ signer }: Stranger, epoch: string): BatchReading => {
  const writer = testWriter(OWN, epoch, signer)
  writer.add({ kind: 'receive', lines: [LINE] })
  return writer.batch(1, 2)
}

/** The same batch under another's signature, given out for the node's own. */
const forged = (batch: BatchReading): BatchReading => ({ ...batch, signature: testSigner().sign(signedHead(testParts, batch)) })
/** One digit of one entry is another than was hashed. */
const edited = (batch: BatchReading): BatchReading => ({
  ...batch,
  entries: batch.entries.map((text) => text.replace('"units":7', '"units":9')),
})
/** Signed well, by a key the county never saw. */
const uncertified = (batch: BatchReading): BatchReading => {
  const signer = testSigner()
  return { ...batch, key: signer.key, signature: signer.sign(signedHead(testParts, batch)) }
}

test.for([
  ['a signature of somebody else', '00000000000000a1', forged, 'wire.signature-wrong', 'tamper baisha'],
  ['an entry changed after it was signed', '00000000000000a2', edited, 'wire.chain-broken', 'tamper baisha'],
  ['a key without a certificate', '00000000000000a3', uncertified, 'wire.key-unknown', 'key-unknown baisha'],
] as const)(
  '%s is set aside, told and named; the same entries sealed well are taken',
  async ([_, epoch, spoil, code, named], { county, stranger }) => {
    const hub = await county.hubClient()
    const present = await stranger.comeOnLine()
    const tipOf = () => present.told(OWN).filter((tip) => tip.epoch === epoch)
    const batch = written(stranger, epoch)
    const before = await standingAtHub(hub, 'baisha')
    const spoilt = spoil(batch)
    for (let times = 0; times < 3; times += 1) await present.send(spoilt)
    const refused = await until(`the hub to refuse with ${code}`, tipOf, ([tip]) => tip !== undefined)
    expect(refused).toMatchObject([{ held: 0, refused: [{ from: 1, code }] }])
    expect(setAside(county, 'baisha')).toContainEqual({ code, came: 3, kept: 1 })
    expect(await openDiscrepancies(county)).toContain(named)
    expect(await standingAtHub(hub, 'baisha')).toEqual(before)

    await present.send(batch)
    await until('the hub to hold what was sealed well', tipOf, ([tip]) => tip?.held === 2 && tip.refused.length === 0)
    await present.leave()
  },
)

test('what was taken stands in the county, the node beside was not disturbed, and the books are true', async ({ county }) => {
  expect(await standingAtHub(await county.hubClient(), 'baisha')).toEqual({ 'main/pending gauze-10x10/B7': 21 })
  const client = await county.township('qinglong').client()
  await book(client, 'receive', { item: 'gauze-10x10', lotNumber: 'B1', expiry: inDays(600), room: 'main', quantity: 2, pack: '盒' })
  await untilStands(county, 'qinglong', { 'main/pending gauze-10x10/B1': 200 })
  const left = ['wire.chain-broken', 'wire.key-unknown', 'wire.signature-wrong'].map((code) => `hub: quarantine: ${code}`)
  expect((await breachesOf(county)).toSorted()).toEqual(left)
})
