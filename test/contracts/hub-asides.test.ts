import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { openCrypto, signerOf } from '@lotkeeper/hub/crypto.ts'
import { openDatabase } from '@lotkeeper/hub/database.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { openLedgerHere } from '@lotkeeper/hub/ledger/open.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import type { AsideRow } from '@lotkeeper/protocol/api/asides.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { canonicalText } from '@lotkeeper/protocol/ledger/canonical.ts'
import { CHAIN_START, hashAfter, holeText } from '@lotkeeper/protocol/ledger/chain.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { expect, test } from 'vitest'
import { testParts } from '../parts.ts'
import { ENTRY_DEFAULTS, type TestWriter, testWriter } from '../writer.ts'
import {
  book,
  EPOCH,
  type LedgerCounty,
  LOT,
  line,
  openCounty,
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

/** What is kept aside has a name, can be read, and, where a revoked key signed it, is decided on by a person. */
const PROMISES: Readonly<Record<string, (county: LedgerCounty) => Promise<void>>> = {
  'shows what a revoked key signed, and takes it once on the word of a person': async (county) => {
    const { ledger } = await revokedBatch(county)
    const [row] = await asides(ledger, true)
    expect(row).toMatchObject({ is: 'quarantined', node: 'qinglong', stream: STREAM, epoch: EPOCH, from: 3, upto: 4, entries: 2 })
    expect(row).toMatchObject({ key: county.signerOf('qinglong').key, code: 'wire.key-revoked', stands: 'waiting', again: 'person' })
    expect(Date.parse(row?.revokedAt ?? '')).toBeGreaterThan(0)
    const shown = await ledger.aside(row?.aside ?? '')
    expect(shown).toMatchObject({ mayTake: true, mayRefuse: true, hinders: null, more: 0, begins: null })
    expect(shown).toMatchObject({
      content: [{ seq: 3, readable: 'yes', kind: 'receive', lines: [{ lot: LOT, lotNumber: 'B2509', units: 6, to: ROOM }] }, {}],
    })
    const decided = await ledger.decideAside(wish(row, 'take'))
    expect(decided).toMatchObject({ stands: 'taken', again: 'done', decision: { actor: 'county', reason: 'genuine' } })
    expect(await ledger.decideAside(wish(row, 'take'))).toEqual(decided)
    expect(await ledger.decideAside({ ...wish(row, 'take'), action: 'decide-again' })).toEqual(decided)
    expect(await ledger.decideAside({ ...wish(row, 'refuse'), action: 'decide-other' })).toMatchObject({ code: 'aside.decided' })
    expect([await unitsAt(ledger, LOT, ROOM), await openKinds(ledger), await asides(ledger, true)]).toEqual([18, [], []])
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 4, applied: 4, refused: [] }])
    const again = await county.open()
    expect([await unitsAt(again, LOT, ROOM), await again.audit()]).toEqual([18, []])
    expect(await asides(again)).toMatchObject([{ stands: 'taken', decision: { reason: 'genuine' } }])
    await county.close()
    expect(verifyFile(county.file)).toMatchObject({ verdict: { findings: [] } })
  },

  'keeps out what a revoked key signed as soon as it holds the word, though that word waits for an upgrade': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    const hub = county.signerOf('hub')
    await ledger.keepCertificate('hub', county.certificateOf('hub', 2, hub.publicKey))
    // What a newer hub told, as a node gives it to one that was made anew from an older copy.
    const told = testWriter('hub>all', EPOCH, hub)
    addLater(told)
    for (const node of ['baihe', 'qinglong']) told.add({ kind: 'revoke', body: { node, key: county.signerOf(node).key, reason: 'lost' } })
    await taken(ledger, parcelOf('qinglong', told, 1, 3))
    // The second revocation came damaged: nobody can read it yet.
    const hole = { ...told.batch(4, 4), entries: [holeText(told.hashes[3] ?? CHAIN_START)] }
    const payload = Buffer.from(writeBatch(hole, { source: '/nodes/qinglong', time: '2026-11-22T01:02:04.000Z' }))
    await taken(ledger, { node: 'qinglong', payload, receivedAtMs: RECEIVED_MS })
    expect(await ledger.tips(['hub>all'])).toMatchObject([{ held: 4, applied: 1 }])
    const writer = received(county, 5)
    const early = await taken(ledger, parcelOf('baihe', county.writer('baihe'), 1), parcelOf('qinglong', writer, 1))
    expect(early.map(({ judgement }) => judgement)).toEqual(['refused', 'taken'])
    await taken(ledger, parcelOf('qinglong', told, 4))
    const again = await county.open()
    expect(await again.tips(['hub>all'])).toMatchObject([{ held: 4, applied: 1 }])
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 6))
    expect((await taken(again, parcelOf('qinglong', writer, 3)))[0]).toMatchObject({ judgement: 'refused' })
    expect(await unitsAt(again, LOT, ROOM)).toBe(5)
    expect(await openKinds(again)).toEqual(['entry-parked', 'key-revoked', 'key-revoked'])
    const waiting = (await asides(again, true)).filter(({ code }) => code === 'wire.key-revoked')
    expect(waiting.map(({ node, revokedAt }) => [node, revokedAt]).toSorted()).toEqual([
      ['baihe', ENTRY_DEFAULTS.occurredAt],
      ['qinglong', ENTRY_DEFAULTS.occurredAt],
    ])
    await county.close()
    // As an earlier program left it, which held the words and heeded neither: they count from the start of this one.
    county.tamper(`update certificate set revoked_at = null; delete from ledger where key like 'revoked/%'; delete from quarantine`)
    const heeding = await county.open()
    const late = await taken(heeding, parcelOf('baihe', county.writer('baihe'), 1), parcelOf('qinglong', writer, 3))
    expect(late.map(({ judgement }) => judgement)).toEqual(['refused', 'refused'])
    await county.close()
    expect(verifyFile(county.file)).toMatchObject({ verdict: { findings: [] } })
  },

  'has a re-check name what a revoked key signed and nobody decided to take': async (county) => {
    const { parcel } = await revokedBatch(county)
    await county.close()
    // Whoever has the file makes the hub forget the revocation, but not its own stream.
    county.tamper(`update certificate set revoked_at = null; delete from ledger where key like 'revoked/%'`)
    const ledger = await county.open()
    expect((await taken(ledger, { ...parcel, receivedAtMs: Date.now() }))[0]).toMatchObject({ judgement: 'taken' })
    await county.close()
    expect(verifyFile(county.file)).toMatchObject({
      verdict: { findings: [{ code: 'key-revoked', where: `${STREAM}/${EPOCH}/4`, detail: county.signerOf('qinglong').key }] },
    })
  },

  'keeps out for good what a person refused, and asks nobody when it comes again': async (county) => {
    const { ledger, parcel } = await revokedBatch(county)
    const [row] = await asides(ledger)
    expect(await ledger.decideAside(wish(row, 'refuse'))).toMatchObject({ stands: 'refused', again: 'never' })
    expect(await ledger.decideAside(wish(row, 'refuse'))).toMatchObject({ stands: 'refused' })
    expect(await ledger.decideAside({ ...wish(row, 'take'), action: 'decide-other' })).toMatchObject({ code: 'aside.decided' })
    const again = await county.open()
    // In another envelope, as a node sends it after a start.
    const payload = Buffer.from(Buffer.from(parcel.payload).toString().replace('2026-11-22T01:02:04.000Z', '2026-11-22T09:09:09.000Z'))
    expect((await taken(again, parcel, { ...parcel, payload })).map(({ judgement }) => judgement)).toEqual(['refused', 'refused'])
    expect([await unitsAt(again, LOT, ROOM), await openKinds(again), await asides(again, true)]).toEqual([5, [], []])
    expect(await asides(again)).toMatchObject([{ stands: 'refused' }])
    expect(await again.audit()).toEqual([])
  },

  'takes by a decision only the head it names': async (county) => {
    const { ledger, writer } = await revokedBatch(county)
    const [row] = await asides(ledger)
    await ledger.decideAside(wish(row, 'take'))
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 100))
    expect((await taken(ledger, parcelOf('qinglong', writer, 5)))[0]).toMatchObject({ judgement: 'refused' })
    expect([await unitsAt(ledger, LOT, ROOM), await openKinds(ledger)]).toEqual([18, ['key-revoked']])
    expect(await asides(ledger, true)).toMatchObject([{ from: 5 }])
    // Another hub of the county that learns the decision back from the node takes the same head without asking again.
    const other = county.another()
    try {
      const restored = await ready(other)
      await taken(restored, parcelOf('qinglong', writer, 1, 2))
      await revoke(restored, county)
      expect((await taken(restored, parcelOf('qinglong', writer, 3, 4)))[0]).toMatchObject({ judgement: 'refused' })
      const word = await ledger.batch({ stream: 'hub>qinglong', epoch: ledger.epoch, from: 1, upto: 2 })
      if (!word) throw new Error('the decision is not in the stream')
      const payload = Buffer.from(writeBatch(word, { source: '/nodes/qinglong', time: '2026-11-22T01:02:04.000Z' }))
      await taken(restored, { node: 'qinglong', payload, receivedAtMs: RECEIVED_MS })
      expect(await restored.tips([STREAM])).toMatchObject([{ held: 2, refused: [] }])
      expect((await taken(restored, parcelOf('qinglong', writer, 3, 4)))[0]).toMatchObject({ judgement: 'taken' })
      expect([await unitsAt(restored, LOT, ROOM), await openKinds(restored)]).toEqual([18, []])
    } finally {
      await other.drop()
    }
  },

  'takes the end of an old card beside what the new card went on with, and gives it back to the node': async (county) => {
    const { ledger, writer } = await revokedBatch(county)
    const other = county.signerOf('baihe')
    await ledger.keepCertificate('qinglong', county.certificateOf('qinglong', 2, other.publicKey))
    const parent = { epoch: EPOCH, seq: 2, hash: hexOf(writer.hashes[1] ?? new Uint8Array()) }
    const anew = testWriter(STREAM, '00000000000000ab', other, parent)
    book(anew, 'receive', line(LOT, TRANSIT, ROOM, 30))
    expect((await taken(ledger, parcelOf('qinglong', anew, 1)))[0]).toMatchObject({ judgement: 'taken' })
    const [row] = await asides(ledger)
    expect(await ledger.decideAside(wish(row, 'take'))).toMatchObject({ stands: 'taken' })
    expect(await ledger.tips([STREAM])).toMatchObject([
      { epoch: EPOCH, held: 4, applied: 4 },
      { held: 2, parent },
    ])
    expect([await unitsAt(ledger, LOT, ROOM), await openKinds(ledger), await ledger.audit()]).toEqual([48, [], []])
    // Under the seal of the old key: for its own stream a node takes that from the hub.
    const back = await ledger.batch({ stream: STREAM, epoch: EPOCH, from: 3, upto: 4 })
    expect(back).toMatchObject({ from: 3, upto: 4, key: county.signerOf('qinglong').key, entries: writer.texts.slice(2) })
    await county.close()
    expect(verifyFile(county.file)).toMatchObject({ verdict: { findings: [] } })
  },

  'names whose work it is when the heir of a node that is gone brings it, and takes that too': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    // A hub made anew from a backup: the key was turned and the places passed since, and nobody else has what the old node wrote.
    const writer = received(county, 5, 6)
    await revoke(ledger, county)
    const body = { from: 'qinglong', tip: { epoch: EPOCH, seq: 3, hash: writer.tip().headHash }, to: 'baihe', reason: 'burnt down' }
    await ledger.write([{ stream: 'hub>all', kind: 'ownership', action: 'pass-1', part: 0, actor: null, doc: null, lines: [], body }])
    expect((await taken(ledger, parcelOf('baihe', writer, 1)))[0]).toMatchObject({ node: 'baihe', judgement: 'refused' })
    const page = await ledger.ask.discrepancies({})
    expect(isRefusal(page) || page.rows).toMatchObject([
      { kind: 'key-revoked', site: 'baihe', title: { zh: expect.stringContaining(STREAM), en: expect.stringContaining(STREAM) } },
    ])
    const [row] = await asides(ledger, true)
    expect(row).toMatchObject({ node: 'baihe', stream: STREAM, key: county.signerOf('qinglong').key })
    expect(await ledger.decideAside(wish(row, 'take'))).toMatchObject({ stands: 'taken' })
    expect([await unitsAt(ledger, LOT, ROOM), await openKinds(ledger), await ledger.audit()]).toEqual([11, [], []])
  },

  'settles by itself what came another way since': async (county) => {
    const { ledger, writer } = await revokedBatch(county)
    const [row] = await asides(ledger)
    const other = county.signerOf('baihe')
    await ledger.keepCertificate('qinglong', county.certificateOf('qinglong', 2, other.publicKey))
    const anew = testWriter(STREAM, EPOCH, other)
    for (const units of [5, 6, 7]) book(anew, 'receive', line(LOT, TRANSIT, ROOM, units))
    expect(anew.texts).toEqual(writer.texts)
    await taken(ledger, parcelOf('qinglong', anew, 1))
    expect(await asides(ledger)).toMatchObject([{ stands: 'held', again: 'done' }])
    expect(await ledger.decideAside(wish(row, 'refuse'))).toMatchObject({ code: 'aside.held' })
    await ledger.sweep(RECEIVED_MS)
    expect([await unitsAt(ledger, LOT, ROOM), await openKinds(ledger)]).toEqual([18, []])
  },

  'takes nothing that the chain does not take, and says why': async (county) => {
    const { ledger, writer } = await revokedBatch(county)
    const orphan = county.writer('qinglong', '00000000000000bb', { epoch: '00000000000000cc', seq: 9, hash: 'D'.repeat(64) })
    const forged = parcelOf('qinglong', received(county, 5, 9), 3)
    const payload = Buffer.from(
      Buffer.from(forged.payload)
        .toString()
        .replace(/"signature":"..../, '"signature":"AAAA'),
    )
    await taken(ledger, parcelOf('qinglong', received(county, 7), 1), parcelOf('qinglong', orphan, 1), { ...forged, payload })
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, 1))
    await ledger.quarantine('qinglong', 'wire.key-revoked', parcelOf('qinglong', writer, 5).payload, RECEIVED_MS)
    const rows = await asides(ledger, true)
    const found = new Map<string, unknown>()
    for (const row of rows.filter(({ upto }) => upto !== 4)) {
      const shown = await ledger.aside(row.aside)
      const refused = await ledger.decideAside(wish(row, 'take'))
      found.set(`${row.epoch?.slice(-2)} ${row.from}-${row.upto}`, isRefusal(refused) ? refused.code : refused.stands)
      expect(shown).toMatchObject({ mayTake: false, mayRefuse: true, hinders: { code: isRefusal(refused) ? refused.code : '' } })
    }
    expect(Object.fromEntries(found)).toEqual({
      'aa 1-2': 'aside.fork',
      'aa 3-3': 'aside.not-whole',
      'aa 5-5': 'aside.gap',
      'bb 1-1': 'aside.parent-missing',
    })
    expect([await unitsAt(ledger, LOT, ROOM), await ledger.tips(['hub>qinglong'])]).toEqual([5, []])
    // One action is one act: it cannot stand for two decisions.
    const [first, second] = rows
    expect(await ledger.decideAside(wish(first, 'refuse'))).toMatchObject({ stands: 'refused' })
    expect(await ledger.decideAside({ ...wish(second, 'refuse'), action: wish(first, 'refuse').action })).toMatchObject({
      code: 'api.action-reused',
    })
  },

  'asks a person about nothing but revoked keys': async (county) => {
    const ledger = await ready(county)
    const unread = { node: 'qinglong', payload: Buffer.from('{"not":"a batch"}'), receivedAtMs: RECEIVED_MS }
    await taken(ledger, unread, parcelOf('qinglong', testWriter('baihe>*', EPOCH, county.signerOf('baihe')), 1))
    const writer = received(county, 5)
    addLater(writer)
    await taken(ledger, parcelOf('qinglong', writer, 1))
    const rows = await asides(ledger)
    expect(rows.map(({ is, code, again, stands }) => [is, code, again, stands]).toSorted()).toEqual([
      ['parked', 'parked.later', 'upgrade', 'waiting'],
      ['quarantined', 'wire.batch-malformed', 'never', 'kept'],
      ['quarantined', 'wire.writer-foreign', 'never', 'kept'],
    ])
    const [first] = rows
    expect(first).toMatchObject({ is: 'parked', from: 3, upto: 3, entries: 1, key: null })
    expect(await ledger.aside(first?.aside ?? '')).toMatchObject({
      content: [{ readable: 'later', kind: 'telepathy' }],
      mayTake: false,
      mayRefuse: false,
    })
    const unreadRow = rows.find(({ code }) => code === 'wire.batch-malformed')
    expect(await ledger.aside(unreadRow?.aside ?? '')).toMatchObject({ content: [], begins: '{"not":"a batch"}' })
    for (const row of rows) expect(await ledger.decideAside(wish(row, 'take'))).toMatchObject({ code: 'aside.not-asked' })
    for (const aside of ['q:qinglong/00', 'p:qinglong>*/0000000000000001', 'q:nothing'])
      expect([await ledger.aside(aside), await ledger.decideAside({ ...wish(first, 'take'), aside })]).toMatchObject([
        { code: 'aside.unknown' },
        { code: 'aside.unknown' },
      ])
  },

  'holds what a person took and the sums cannot digest': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, Number.MAX_SAFE_INTEGER)
    await taken(ledger, parcelOf('qinglong', writer, 1))
    await revoke(ledger, county)
    book(writer, 'receive', line(LOT, TRANSIT, ROOM, Number.MAX_SAFE_INTEGER))
    await taken(ledger, parcelOf('qinglong', writer, 3))
    const [row] = await asides(ledger)
    expect(await ledger.decideAside(wish(row, 'take'))).toMatchObject({ stands: 'taken' })
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 3, applied: 2 }])
    expect(await openKinds(ledger)).toEqual(['entry-not-applied'])
    expect(await asides(ledger, true)).toMatchObject([{ is: 'parked', code: 'parked.fold', again: 'start' }])
  },

  'gives what is aside in pages, of one node or of all': async (county) => {
    const ledger = await ready(county, ['qinglong', 'baihe'])
    for (const [node, count] of [
      ['qinglong', 3],
      ['baihe', 2],
    ] as const)
      for (let at = 0; at < count; at += 1)
        await ledger.quarantine(node, 'wire.envelope-malformed', Buffer.from(`${node} ${at}`), RECEIVED_MS + at)
    const names: string[] = []
    let cursor: string | null = null
    do {
      const page: Awaited<ReturnType<HubLedger['asides']>> = await ledger.asides(cursor === null ? { limit: 2 } : { limit: 2, cursor })
      if (isRefusal(page)) throw new Error(page.en)
      expect(page.rows.length).toBeLessThanOrEqual(2)
      names.push(...page.rows.map(({ aside }) => aside))
      cursor = page.next
    } while (cursor !== null)
    expect([names.length, new Set(names).size]).toEqual([5, 5])
    expect(await asides(ledger, false, 'baihe')).toHaveLength(2)
    expect(await ledger.asides({ cursor: 'x' })).toMatchObject({ code: 'api.request-malformed' })
  },
}

test.each(Object.entries(PROMISES))('%s', async (_name, promise) => {
  const county = openCounty(async ({ file, mbMax, countyKey, signingKey, epoch, secondCopy }) => {
    const crypto = openCrypto()
    const facts = { zone: 'Asia/Shanghai', software: '0.1.0', transitDueMs: 86_400_000, now: Date.now, upMs: () => performance.now() }
    const opened = openDatabase(file, LEDGER_FORM, mbMax)
    return openLedgerHere(opened, { crypto, signer: signerOf(crypto, signingKey), countyKey, epoch, secondCopy, ...facts })
  })
  try {
    await promise(county)
  } finally {
    await county.drop()
  }
})

/** An entry of a kind that only a later version knows. */
const addLater = (writer: TestWriter): void => {
  const { texts, hashes } = writer as unknown as { texts: string[]; hashes: Uint8Array[] }
  const { stream, epoch } = writer.tip()
  texts.push(canonicalText({ ...ENTRY_DEFAULTS, kind: 'telepathy', stream, epoch, seq: texts.length + 1 }))
  hashes.push(hashAfter(testParts, hashes.at(-1) ?? CHAIN_START, texts.at(-1) ?? ''))
}

const wish = (row: AsideRow | undefined, verdict: 'take' | 'refuse') => ({
  ...{ action: `decide-${row?.aside.slice(-12)}`, aside: row?.aside ?? '', verdict, reason: 'genuine', actor: 'county' },
})

const asides = async (ledger: HubLedger, waiting = false, node?: string): Promise<readonly AsideRow[]> => {
  const page = await ledger.asides({ waiting, ...(node === undefined ? {} : { node }) })
  if (isRefusal(page)) throw new Error(page.en)
  return page.rows
}

const revoke = async (ledger: HubLedger, county: LedgerCounty): Promise<void> => {
  const { key } = county.signerOf('qinglong')
  const body = { node: 'qinglong', key, reason: 'lost' }
  await ledger.write([{ stream: 'hub>all', kind: 'revoke', action: 'revoke-1', part: 0, actor: null, doc: null, lines: [], body }])
}

/** Five units in the books, then the key is revoked, and 6 and 7 come under it. */
const revokedBatch = async (county: LedgerCounty) => {
  const ledger = await ready(county)
  const writer: TestWriter = received(county, 5)
  await taken(ledger, parcelOf('qinglong', writer, 1))
  await revoke(ledger, county)
  for (const units of [6, 7]) book(writer, 'receive', line(LOT, TRANSIT, ROOM, units))
  const parcel = parcelOf('qinglong', writer, 3)
  await taken(ledger, parcel)
  return { ledger, writer, parcel }
}
