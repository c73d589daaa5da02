import type { Committed } from '@lotkeeper/hub/ledger/contract.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { CHAIN_START, hashAfter } from '@lotkeeper/protocol/ledger/chain.ts'
import type { BatchReading } from '@lotkeeper/protocol/ledger/stream.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { expect } from 'vitest'
import { testParts } from '../parts.ts'
import { ENTRY_DEFAULTS, type TestWriter, testWriter } from '../writer.ts'
import {
  book,
  EPOCH,
  type LedgerCounty,
  LOT,
  line,
  openKinds,
  parcelOf,
  RECEIVED_MS,
  ROOM,
  ready,
  received,
  STREAM,
  TRANSIT,
  taken,
  unitsAt,
} from './hub-county.ts'

export type LedgerPromises = Readonly<Record<string, (county: LedgerCounty) => Promise<void>>>

/** What every builder of the county's master ledger promises; each is run on a county of its own. */
export const HUB_LEDGER_PROMISES: LedgerPromises = {
  'takes a batch once, however often it comes': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 10)
    const parcel = parcelOf('qinglong', writer, 1)
    expect((await taken(ledger, parcel)).map(({ judgement }) => judgement)).toEqual(['taken'])
    expect((await taken(ledger, parcel, parcel)).map(({ judgement }) => judgement)).toEqual(['duplicate', 'duplicate'])
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(10)
    expect(await ledger.audit()).toEqual([])
  },

  'takes parcels of many nodes in one group, each by its own key': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const parcels = ['qinglong', 'baihe'].map((node) => {
      const writer = county.writer(node)
      book(writer, 'receive', line(LOT, `${node}/~transit`, `${node}/main/pending`, 3))
      return parcelOf(node, writer, 1)
    })
    expect((await taken(ledger, ...parcels)).map(({ judgement, taken: count }) => [judgement, count])).toEqual([
      ['taken', 2],
      ['taken', 2],
    ])
  },

  'leaves a gap untouched and says what it holds': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 2, 3, 4)
    expect((await taken(ledger, parcelOf('qinglong', writer, 4)))[0]).toMatchObject({ judgement: 'gap', taken: 0 })
    await taken(ledger, parcelOf('qinglong', writer, 1, 2))
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 2, applied: 2, refused: [] }])
    expect((await taken(ledger, parcelOf('qinglong', writer, 4)))[0]).toMatchObject({ judgement: 'gap' })
  },

  'takes of an overlap only what is new': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 2, 3, 4)
    await taken(ledger, parcelOf('qinglong', writer, 1, 3))
    expect((await taken(ledger, parcelOf('qinglong', writer, 2, 5)))[0]).toMatchObject({ judgement: 'taken', taken: 2, upto: 5 })
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(10)
  },

  'keeps a fork apart, names it, and holds on to the first branch': async (county) => {
    const ledger = await ready(county)
    await taken(ledger, parcelOf('qinglong', received(county, 5, 6), 1))
    const other = received(county, 5, 7, 8)
    expect((await taken(ledger, parcelOf('qinglong', other, 1)))[0]?.judgement).toBe('fork')
    expect(await openKinds(ledger)).toEqual(['fork'])
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 3, refused: [{ from: 3, code: 'wire.fork' }] }])
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(11)
  },

  'refuses a batch whose text was touched, keeps a copy, names it': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 5)
    const parcel = parcelOf('qinglong', writer, 1)
    const payload = Buffer.from(Buffer.from(parcel.payload).toString().replace(String.raw`\"units\":5`, String.raw`\"units\":6`))
    expect((await taken(ledger, { ...parcel, payload }))[0]).toMatchObject({ judgement: 'refused', taken: 0 })
    expect(await openKinds(ledger)).toEqual(['tamper'])
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 0, refused: [{ from: 1, code: 'wire.chain-broken' }] }])
    // The true batch is still taken, and the mark against it goes.
    expect((await taken(ledger, parcel))[0]?.judgement).toBe('taken')
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 2, refused: [] }])
  },

  'refuses a batch signed by another key under the name of this key': async (county) => {
    const ledger = await ready(county)
    const thief = { ...county.signerOf('thief'), key: county.signerOf('qinglong').key }
    expect((await taken(ledger, parcelOf('qinglong', testWriter(STREAM, EPOCH, thief), 1)))[0]?.judgement).toBe('refused')
    expect(await ledger.tips([STREAM])).toMatchObject([{ refused: [{ code: 'wire.signature-wrong' }] }])
    expect(await openKinds(ledger)).toEqual(['tamper'])
  },

  'asks again for what an unknown key signed as soon as the key is certified': async (county) => {
    const ledger = await county.open()
    const parcel = parcelOf('qinglong', received(county, 5), 1)
    expect((await taken(ledger, parcel))[0]?.judgement).toBe('refused')
    expect(await ledger.tips([STREAM])).toMatchObject([{ refused: [{ code: 'wire.key-unknown' }] }])
    expect(await openKinds(ledger)).toEqual(['key-unknown'])
    await ledger.keepCertificate('qinglong', county.certificateOf('qinglong'))
    expect(await ledger.tips([STREAM])).toEqual([])
    expect(await openKinds(ledger)).toEqual([])
    expect((await taken(ledger, parcel))[0]?.judgement).toBe('taken')
  },

  'sets aside what a revoked key signed, for a person to settle': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 5)
    await taken(ledger, parcelOf('qinglong', writer, 1))
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 1))
    const { key } = county.signerOf('qinglong')
    await written(ledger, [
      { stream: 'hub>all', kind: 'revoke', action: 'revoke-1', ...OWN, body: { node: 'qinglong', key, reason: 'lost' } },
    ])
    expect((await taken(ledger, parcelOf('qinglong', writer, 3)))[0]?.judgement).toBe('refused')
    expect(await openKinds(ledger)).toEqual(['key-revoked'])
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(5)
    expect(await ledger.nodes()).toMatchObject([{ node: 'qinglong', revoked: [key] }])
  },

  'refuses a certificate the county key did not sign': async (county) => {
    const ledger = await county.open()
    const signed = county.certificateOf('qinglong')
    await expect(
      ledger.keepCertificate('qinglong', { ...signed, certificate: signed.certificate.replace('qinglong', 'baiheee') }),
    ).rejects.toThrow()
    expect(await ledger.nodes()).toEqual([])
  },

  'keeps one copy of what it cannot read, and counts the rest': async (county) => {
    const ledger = await ready(county)
    const parcel = { node: 'qinglong', payload: Buffer.from('{"not":"a batch"}'), receivedAtMs: 1 }
    const outcomes = await taken(ledger, parcel, parcel, { ...parcel, payload: Buffer.from([0xff, 0xfe]) })
    expect(outcomes.map(({ judgement }) => judgement)).toEqual(['unreadable', 'unreadable', 'unreadable'])
    expect(await openKinds(ledger)).toEqual(['message-unreadable'])
  },

  'takes no word of a node for the stream of another': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const foreign = county.writer('baihe')
    expect((await taken(ledger, parcelOf('qinglong', foreign, 1)))[0]?.judgement).toBe('refused')
    expect(await openKinds(ledger)).toEqual(['stream-foreign'])
    expect(await ledger.tips(['baihe>*'])).toEqual([])
  },

  'holds an entry of a later version parked, with everything behind it, also over a restart': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 5)
    addLater(writer)
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 1))
    expect((await taken(ledger, parcelOf('qinglong', writer, 1)))[0]).toMatchObject({ judgement: 'taken', taken: 4 })
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 4, applied: 2 }])
    expect(await unitsAt(ledger, LOT, ROOM)).toBe(5)
    expect(await openKinds(ledger)).toEqual(['entry-parked'])
    const again = await county.open()
    expect(await again.tips([STREAM])).toMatchObject([{ held: 4, applied: 2 }])
    expect(await again.audit()).toEqual([])
  },

  'holds and parks an entry that would break the sums, and goes on with the others of its group': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const writer = received(county, Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER)
    const other = county.writer('baihe')
    book(other, 'receive', line(LOT, 'baihe/~transit', 'baihe/main/pending', 7))
    const outcomes = await taken(ledger, parcelOf('qinglong', writer, 1, 2), parcelOf('qinglong', writer, 3), parcelOf('baihe', other, 1))
    expect(outcomes.map(({ judgement }) => judgement)).toEqual(['taken', 'taken', 'taken'])
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 3, applied: 2 }])
    expect(await unitsAt(ledger, LOT, 'baihe/main/pending')).toBe(7)
    expect(await openKinds(ledger)).toContain('entry-not-applied')
  },

  'goes on where it stopped after a restart, under a new epoch that names the last': async (county) => {
    const ledger = await ready(county)
    await taken(ledger, parcelOf('qinglong', received(county, 5), 1))
    await written(ledger, [site('qinglong', 'site-1')])
    const again = await county.open()
    expect(again.epoch).not.toBe(ledger.epoch)
    expect(await unitsAt(again, LOT, ROOM)).toBe(5)
    await written(again, [site('qinglong', 'site-2')])
    const tips = await again.tips(['hub>all'])
    expect(tips).toMatchObject([
      { epoch: ledger.epoch, parent: null, held: 2 },
      { epoch: again.epoch, parent: { epoch: ledger.epoch, seq: 2, hash: tips[0]?.headHash }, held: 2 },
    ])
  },

  'writes an action once, and refuses it for another act': async (county) => {
    const ledger = await ready(county)
    const first = await written(ledger, [site('qinglong', 'site-1')])
    expect(first.fresh).toBe(true)
    expect(await written(ledger, [site('qinglong', 'site-1')])).toEqual({ fresh: false, entries: first.entries })
    const other = { ...site('qinglong', 'site-1'), stream: 'hub>qinglong' }
    expect(await ledger.write([other])).toMatchObject({ refused: true, code: 'api.action-reused' })
    const again = await county.open()
    expect(await written(again, [site('qinglong', 'site-1')])).toEqual({ fresh: false, entries: first.entries })
  },

  'writes nothing of an act one line of which is wrong': async (county) => {
    const ledger = await ready(county)
    const wrong = { ...site('qinglong', 'site-1'), part: 1, lines: [line(LOT, 'qinglong/main/available', 'qinglong/~consumed', 1)] }
    expect(await ledger.write([site('qinglong', 'site-1'), wrong])).toMatchObject({ refused: true, code: 'ledger.place-not-owned' })
    const huge = { ...site('qinglong', 'site-1'), body: { ...site('qinglong', 'x').body, rooms: manyRooms() } }
    expect(await ledger.write([huge])).toMatchObject({ refused: true, code: 'ledger.entry-too-large' })
    expect(await ledger.tips(['hub>all'])).toEqual([])
    expect(await ledger.ask.sites()).toEqual({ rows: [] })
  },

  'sends its own streams sealed, and the history of a node back under its own seal': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 1, 2, 3)
    await taken(ledger, parcelOf('qinglong', writer, 1, 2), parcelOf('qinglong', writer, 3))
    await written(ledger, [site('qinglong', 'site-1')])
    const own = await ledger.batch({ stream: 'hub>all', epoch: ledger.epoch, from: 1, upto: 2 })
    const back = await ledger.batch({ stream: STREAM, epoch: EPOCH, from: 2, upto: 4 })
    expect(own?.entries).toHaveLength(2)
    expect(back).toMatchObject({ from: 2, upto: 4, entries: writer.texts.slice(1) })
    expect(await ledger.batch({ stream: STREAM, epoch: EPOCH, from: 9, upto: 9 })).toBeNull()
    // Another hub that knows only the certificates takes both: nothing but the seals speaks for them.
    const other = county.another()
    try {
      const fresh = await ready(other)
      await taken(fresh, parcelOf('qinglong', writer, 1, 2))
      for (const batch of [own, back]) expect(batch && (await judgement(fresh, batch))).toBe('taken')
      expect(await fresh.ask.sites()).toMatchObject({ rows: [{ site: 'qinglong' }] })
    } finally {
      await other.drop()
    }
  },

  'redeems a code once, again only for the key it was redeemed with, and never late': async (county) => {
    const ledger = await county.open()
    const code = { node: 'qinglong', secretHash: 'h1', untilMs: 1000, replace: false }
    expect(await ledger.makeEnrolment(code)).toBeNull()
    expect(await ledger.redeemEnrolment('qinglong', 'h2', 'key', 10)).toBe(false)
    expect(await ledger.redeemEnrolment('baihe', 'h1', 'key', 10)).toBe(false)
    expect(await ledger.redeemEnrolment('qinglong', 'h1', 'key', 10)).toBe(true)
    expect(await ledger.redeemEnrolment('qinglong', 'h1', 'key', 11)).toBe(true)
    expect(await ledger.redeemEnrolment('qinglong', 'h1', 'other', 12)).toBe(false)
    expect(await ledger.redeemEnrolment('qinglong', 'h1', 'key', 1000)).toBe(false)
    await ledger.keepCertificate('qinglong', county.certificateOf('qinglong'))
    expect(await ledger.makeEnrolment({ ...code, secretHash: 'h3' })).toMatchObject({ refused: true, code: 'enrol.node-taken' })
    expect(await ledger.makeEnrolment({ ...code, secretHash: 'h3', replace: true })).toBeNull()
  },

  'tells what commits changed, once, after they are durable': async (county) => {
    const ledger = await ready(county)
    const told: Committed[] = []
    const entries = () => told.reduce((sum, { entries: count }) => sum + count, 0)
    const stop = ledger.follow((committed) => told.push(committed))
    await taken(ledger, parcelOf('qinglong', received(county, 5), 1))
    await written(ledger, [site('baihe', 'site-1')])
    await expect.poll(entries).toBe(4)
    expect(told[0]).toMatchObject({ sites: ['qinglong'], entries: 2, grown: [] })
    expect(told[0]?.delta).toMatchObject({ movements: [{ lot: LOT, units: 5 }], stock: [{ place: ROOM, units: 5 }] })
    expect(told.flatMap(({ grown }) => grown)).toEqual(['hub>all'])
    stop()
    await written(ledger, [site('baihe', 'site-2')])
    await ledger.ask.sites()
    expect(entries()).toBe(4)
  },

  'shows the life of a node as it was last told, and its wrong clock': async (county) => {
    const ledger = await ready(county)
    const birth = { node: 'qinglong', epoch: EPOCH, software: '0.1.0', boot: 'b', at: '1970-01-01T00:00:00.000Z', devices: [] }
    await ledger.noteBirth('qinglong', birth, 0)
    await ledger.noteHave('qinglong', { waiting: 3, nodeAtMs: 86_400_000 }, 1000)
    expect((await ledger.ask.nodes()).rows).toMatchObject([{ node: 'qinglong', state: 'online', waiting: 3, clockSkewMs: 86_399_000 }])
    expect(await openKinds(ledger)).toEqual(['clock-wrong'])
    await ledger.noteHave('qinglong', { waiting: 0, nodeAtMs: 2000 }, 2000)
    await ledger.noteDeath('qinglong', 'lost', 3000)
    expect((await ledger.ask.nodes()).rows).toMatchObject([{ state: 'offline', waiting: 0, discrepancies: 0 }])
  },

  'refuses writes on a full disk, half-writes nothing, answers questions, and recovers by itself': async (county) => {
    const ledger = await ready(county, ['qinglong'], 8)
    const writer = county.writer('qinglong')
    const refused = await fillUp(ledger, writer)
    // However often it is offered: the room kept for the alarm is not eaten up by retries.
    for (let again = 0; again < 4; again += 1)
      expect(await ledger.take([refused])).toMatchObject({ refused: true, code: 'ledger.disk-full' })
    expect(await ledger.storage()).toMatchObject({ state: 'full' })
    expect(await openKinds(ledger)).toContain('disk-full')
    const [tip] = await ledger.tips([STREAM])
    const page = await ledger.ask.movements({ limit: 500 })
    expect(isRefusal(page)).toBe(false)
    expect(await unitsAt(ledger, LOT, ROOM)).toBe((tip?.held ?? 1) - 1)
    const roomy = await county.open(64)
    expect(await openKinds(roomy)).not.toContain('disk-full')
    expect((await taken(roomy, parcelOf('qinglong', writer, (tip?.held ?? 0) + 1, (tip?.held ?? 0) + 20)))[0]?.judgement).toBe('taken')
    expect(await roomy.audit()).toEqual([])
  },
}

const OWN = { part: 0, actor: null, doc: null, lines: [] } as const
type Ledger = Awaited<ReturnType<LedgerCounty['open']>>

const site = (name: string, action: string) => ({
  stream: 'hub>all',
  kind: 'site' as const,
  action,
  ...OWN,
  body: { site: name, version: 1, name: { zh: '青龙卫生院', en: 'Qinglong' }, zone: 'Asia/Shanghai', rooms: [] },
})
const manyRooms = () =>
  Array.from({ length: 64 }, (_, at) => ({
    room: `room-${at}`,
    name: { zh: '库'.repeat(100), en: 'x'.repeat(100) },
    use: 'store' as const,
  }))

const written = async (ledger: Ledger, drafts: Parameters<Ledger['write']>[0]) => {
  const answer = await ledger.write(drafts)
  if (isRefusal(answer)) throw new Error(answer.en)
  return answer
}

/** An entry of a kind that only a later version knows. */
const addLater = (writer: TestWriter): void => {
  const { texts, hashes } = writer as unknown as { texts: string[]; hashes: Uint8Array[] }
  const entry = { ...ENTRY_DEFAULTS, kind: 'teleport', stream: STREAM, epoch: EPOCH, seq: texts.length + 1 }
  texts.push(canonicalText(entry))
  hashes.push(hashAfter(testParts, hashes.at(-1) ?? CHAIN_START, texts.at(-1) ?? ''))
}

/** Sends batches until the disk is full; answers the one that was refused. */
const fillUp = async (ledger: Ledger, writer: TestWriter) => {
  for (let batch = 0; batch < 400; batch += 1) {
    const from = batch === 0 ? 1 : writer.texts.length + 1
    for (let entry = 0; entry < 40; entry += 1) book(writer, 'receive', line(LOT, TRANSIT, ROOM, 1), { body: { reason: '满'.repeat(400) } })
    const parcel = parcelOf('qinglong', writer, from)
    const answer = await ledger.take([parcel])
    if (isRefusal(answer)) return parcel
  }
  throw new Error('the disk never became full')
}

const judgement = async (ledger: Ledger, batch: BatchReading) => {
  const payload = Buffer.from(writeBatch(batch, { source: '/hub', time: '2026-11-22T01:02:04.000Z' }))
  return (await taken(ledger, { node: 'qinglong', payload, receivedAtMs: RECEIVED_MS }))[0]?.judgement
}
