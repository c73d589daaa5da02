import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { openCatalog } from '@lotkeeper/hub/catalog/catalog.ts'
import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import type { Line, TagBody } from '@lotkeeper/protocol/ledger/entry.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { afterEach, expect, test } from 'vitest'
import { testWriter } from '../writer.ts'
import {
  book,
  type LedgerCounty,
  LOT,
  line,
  openCounty,
  parcelOf,
  RECEIVED_MS,
  ROOM,
  ready,
  TRANSIT,
  taken,
  unitsAt,
} from './hub-county.ts'

const counties: LedgerCounty[] = []
afterEach(async () => {
  for (const county of counties.splice(0)) await county.drop()
})

const open = (): LedgerCounty => {
  const made = openCounty(async ({ file, countyKey, signingKey, epoch }) => {
    const crypto = openCrypto()
    const clock = { now: Date.now, upMs: () => performance.now() }
    const facts = { zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: 86_400_000 }
    return openLedgerHere(openDatabase(file, LEDGER_FORM), {
      crypto,
      signer: signerOf(crypto, signingKey),
      countyKey,
      epoch,
      ...clock,
      ...facts,
    })
  })
  counties.push(made)
  return made
}

const EPC = '3074257BF7194E4000001000'
const REGISTER = {
  ...{ action: 'page-1', site: 'qinglong', doc: 'DN-1' },
  tags: [{ epc: EPC, item: 'gauze', lotNumber: 'B2509', expiry: '2028-08-31', pack: 'case' }],
}
const NAME = { zh: '名', en: 'Name' }

/** A site and an item: what the backup holds. */
const prepared = async (ledger: HubLedger) => {
  const catalog = openCatalog(ledger)
  const rooms = [{ room: 'main', name: NAME, use: 'store' as const }]
  const packs = [{ gtin: null, pack: 'case', units: 50 }]
  for (const answer of [
    await catalog.createSite({ action: 'site-1', site: 'qinglong', name: NAME, zone: 'Asia/Shanghai', rooms }, 'county'),
    await catalog.createItem({ action: 'item-1', item: 'gauze', name: NAME, model: '', unit: NAME, packs, nearDays: [] }, 'county'),
  ])
    if (isRefusal(answer)) throw new Error(answer.en)
  return catalog
}

const given = (batch: BatchReading | null) => {
  if (!batch) throw new Error('nothing was written')
  const payload = Buffer.from(writeBatch(batch, { source: '/nodes/qinglong', time: '2026-11-22T01:02:04.000Z' }))
  return { node: 'qinglong', payload, receivedAtMs: RECEIVED_MS }
}
const rowsOf = (page: object): readonly object[] => ('rows' in page ? (page.rows as readonly object[]) : [])

/** What the books say of the goods, that they follow from the log, and that a re-check of the file finds nothing. */
const standing = async (county: LedgerCounty, ledger: HubLedger) => {
  const [way, room] = [await unitsAt(ledger, LOT, TRANSIT), await unitsAt(ledger, LOT, ROOM)]
  const moved = rowsOf(await ledger.ask.movements({ limit: 50 })).length
  const tag = await ledger.ask.tag({ epc: EPC })
  expect(await ledger.audit()).toEqual([])
  await county.close()
  const told = verifyFile(county.file)
  expect('verdict' in told && told.verdict.findings).toEqual([])
  return { way, room, moved, at: isRefusal(tag) ? null : tag.place }
}

test.each([
  ['and its lost history comes back', ['lost'], { way: 50, room: 0, moved: 1, at: TRANSIT }],
  ['the goods are received, and its lost history comes back', ['received', 'lost'], { way: 0, room: 50, moved: 2, at: ROOM }],
  ['its lost history comes back, and the goods are received', ['lost', 'received'], { way: 0, room: 50, moved: 2, at: ROOM }],
] as const)('a hub is restored, the page registers once more, %s: the tag is registered once', async (_story, then, wanted) => {
  const before = open()
  const ledger = await ready(before, ['qinglong'])
  await (await prepared(ledger)).registerTags(REGISTER, 'county')
  const lost = given(await ledger.batch({ stream: 'hub>qinglong', epoch: ledger.epoch, from: 1, upto: 2 }))

  const county = open()
  // Opened once more: the epoch the other hub wrote in is no longer its own.
  await county.open()
  const restored = await ready(county, ['qinglong'])
  expect(await (await prepared(restored)).registerTags(REGISTER, 'county')).toMatchObject({ registered: 1 })
  const writer = county.writer('qinglong')
  book(writer, 'receive', { ...line(LOT, TRANSIT, ROOM, 50), tags: [EPC] }, { doc: 'DN-1' })
  for (const what of then) await taken(restored, what === 'lost' ? lost : parcelOf('qinglong', writer, 1))
  expect(await restored.tips(['hub>qinglong'])).toHaveLength(2)
  expect(await standing(county, restored)).toEqual(wanted)
})

const TAG: TagBody = { epc: EPC, lot: LOT, printed: 'B2509', expiry: '2028-08-31', pack: 'case', units: 50, site: 'qinglong' }
const CAME: Line = { ...line(LOT, 'hub/~supplier', TRANSIT, 50), tags: [EPC] }
const BACK: Line = { ...CAME, from: CAME.to, to: CAME.from }
const EPOCHS = { a: 'aaaaaaaaaaaaaaaa', b: 'bbbbbbbbbbbbbbbb', c: 'cccccccccccccccc', d: 'dddddddddddddddd' }
type EpochName = keyof typeof EPOCHS

/**
 * What a hub wrote in its epochs, told as they come: in `a` the registration; in `b` the same act; in `c` it takes back what `a` wrote; in `d` the same act
 * again, of what `b` wrote.
 */
const wroteIn = (county: LedgerCounty, name: EpochName) => {
  const writer = testWriter('hub>qinglong', EPOCHS[name], county.signerOf('hub'))
  const reverses = { entry: `hub>qinglong/${EPOCHS[name === 'c' ? 'a' : 'b']}/2`, lines: [0] }
  if (name === 'a' || name === 'b')
    writer.add({ kind: 'tag', action: 'page-1', body: name === 'a' ? TAG : { ...TAG, expiry: null }, lines: [CAME] })
  else writer.add({ kind: 'reverse', action: 'page-2', lines: [BACK], reverses })
  return { ...parcelOf('qinglong', writer, 1), node: 'qinglong' }
}

test.each([
  ['ab', 50],
  ['ba', 50],
  ['bca', 0],
  ['cab', 0],
  ['bda', 0],
  ['abcd', 0],
  ['dcba', 0],
  ['cbda', 0],
] as const)('one act in several epochs of the hub, learnt in the order %s, takes effect once', async (order, way) => {
  const county = open()
  const ledger = await ready(county, ['qinglong'])
  await ledger.keepCertificate('hub', county.certificateOf('hub', 2, county.signerOf('hub').publicKey))
  for (const name of order) await taken(ledger, wroteIn(county, name as EpochName))
  expect(rowsOf(await ledger.ask.discrepancies({}))).toEqual([])
  expect(await standing(county, ledger)).toMatchObject({ way, room: 0, moved: way === 0 ? 2 : 1 })
})

test('another act is another act, also where it moves the same', async () => {
  const county = open()
  const ledger = await ready(county, ['qinglong'])
  await ledger.keepCertificate('hub', county.certificateOf('hub', 2, county.signerOf('hub').publicKey))
  const other = testWriter('hub>qinglong', EPOCHS.b, county.signerOf('hub'))
  for (const [action, part, lines] of [
    ['page-2', 0, [CAME]],
    ['page-1', 1, [CAME]],
    ['page-1', 0, [{ ...CAME, units: 20 }]],
  ] as const)
    other.add({ kind: 'tag', action, part, body: TAG, lines: [...lines] })
  await taken(ledger, wroteIn(county, 'a'), parcelOf('qinglong', other, 1))
  expect(await standing(county, ledger)).toMatchObject({ way: 170, moved: 4 })
})
