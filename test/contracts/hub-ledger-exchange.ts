import { appendFileSync, copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openCrypto } from '@lotkeeper/hub/crypto.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import { bucketOf, digestOf } from '@lotkeeper/protocol/ledger/digest.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect } from 'vitest'
import { testWriter } from '../writer.ts'
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
  taken,
} from './hub-county.ts'
import type { LedgerPromises } from './hub-ledger.ts'

/** What every builder of the master ledger promises of digests, of what nodes hold of the hub, and of the hub's second copy. */
export const HUB_EXCHANGE_PROMISES: LedgerPromises = {
  'compares a digest at exactly the entry it names, and names the row that differs until a later one is equal': async (county) => {
    const ledger = await ready(county)
    const writer = received(county, 40, 2)
    book(writer, 'issue', line(LOT, ROOM, 'qinglong/~consumed', 7))
    await taken(ledger, parcelOf('qinglong', writer, 1, 3))
    await ledger.noteHave('qinglong', { waiting: 0, nodeAtMs: RECEIVED_MS }, RECEIVED_MS)
    const true3 = [{ lot: LOT, place: ROOM, units: 42 }]
    const wrong = [
      { lot: LOT, place: ROOM, units: 35 },
      { lot: LOT, place: 'qinglong/~consumed', units: 7 },
    ]
    expect(await ledger.judgeDigest('qinglong', said(3, true3), RECEIVED_MS)).toEqual([])
    expect(await ledger.judgeDigest('qinglong', said(4, wrong), RECEIVED_MS)).toEqual([])
    expect(await ledger.judgeDigest('baihe', said(3, wrong), RECEIVED_MS)).toEqual([])
    expect(await openKinds(ledger)).toEqual([])
    expect(await nodeDigest(ledger)).toMatchObject({ same: true })
    // Not equal: the buckets that differ are asked for once, and their rows name the first.
    const buckets = [ROOM, 'qinglong/~consumed'].map((place) => bucketOf(crypto, place, LOT)).sort((one, other) => one - other)
    expect(await ledger.judgeDigest('qinglong', said(3, wrong), RECEIVED_MS)).toEqual(buckets)
    expect(await openKinds(ledger)).toEqual([])
    expect(await ledger.judgeDigest('qinglong', { ...said(3, wrong), rows: wrong }, RECEIVED_MS)).toEqual([])
    expect(await titles(ledger)).toEqual([expect.stringContaining(`${ROOM} 的批号 ${LOT}，站内 35，中心 42`)])
    expect(await nodeDigest(ledger)).toMatchObject({ same: false })
    await taken(ledger, parcelOf('qinglong', writer, 4))
    expect(await ledger.judgeDigest('qinglong', said(4, wrong), RECEIVED_MS)).toEqual([])
    expect(await openKinds(ledger)).toEqual([])
  },

  'names a row a node does not have at all, though it has nothing to say of the bucket': async (county) => {
    const ledger = await ready(county)
    await taken(ledger, parcelOf('qinglong', received(county, 40), 1))
    expect(await ledger.judgeDigest('qinglong', said(2, []), RECEIVED_MS)).toHaveLength(1)
    expect(await ledger.judgeDigest('qinglong', said(2, []), RECEIVED_MS)).toEqual([])
    expect(await titles(ledger)).toEqual([expect.stringContaining('站内 0，中心 40')])
  },

  'keeps what each node holds by its own last word, also when that goes backwards': async (county) => {
    const ledger = await ready(county)
    const tip = (stream: string, held: number) => ({ stream, epoch: EPOCH, held })
    await ledger.noteHave('qinglong', { waiting: 0, nodeAtMs: 0, tips: [tip(STREAM, 9), tip('hub>all', 4)] }, 0)
    await ledger.noteHave('qinglong', { waiting: 0, nodeAtMs: 0, tips: [tip('hub>all', 3)] }, 0)
    await ledger.noteHave('qinglong', { waiting: 0, nodeAtMs: 0 }, 0)
    await county.close()
    expect(county.look('select stream, held from hub_have order by stream')).toEqual([
      { stream: 'hub>all', held: 3 },
      { stream: STREAM, held: 9 },
    ])
  },

  'writes what it says itself to the second copy before it is told, and takes back from it what a restored file lacks': async (county) => {
    const copy = copyOf(county)
    const ledger = await county.open(undefined, copy)
    await written(ledger, 'site-1')
    await county.close()
    copyFileSync(county.file, `${county.file}.backup`)
    const later = await county.open(undefined, copy)
    const toldAt: number[] = []
    later.follow(({ grown }) => {
      if (grown.length > 0) toldAt.push(linesIn(copy))
    })
    await written(later, 'site-2')
    await expect.poll(() => toldAt.length).toBe(1)
    expect([toldAt, (await later.storage()).secondCopy]).toEqual([[2], 'ok'])
    const lost = await later.tips(['hub>all'])
    await county.close()
    for (const end of ['-wal', '-shm']) rmSync(county.file + end, { force: true })
    copyFileSync(`${county.file}.backup`, county.file)
    // The power went in the middle of the last line.
    appendFileSync(join(copy, 'hub-streams.ndjson'), '{"specversion":"1.0","id":"hub>')
    const restored = await county.open(undefined, copy)
    expect(await restored.tips(['hub>all'])).toMatchObject(lost.map(({ epoch, held, headHash }) => ({ epoch, held, headHash })))
    expect(await restored.standing()).toMatchObject({ tookBack: 2 })
    await written(restored, 'site-3')
    expect(linesIn(copy)).toBe(3)
    expect(await restored.audit()).toEqual([])
    // A start that lacks nothing takes nothing back.
    expect(await (await county.open(undefined, copy)).standing()).toMatchObject({ tookBack: 0 })
  },

  'keeps a key out that was revoked before its certificate came, and two certificates of one number apart': async (county) => {
    const ledger = await county.open()
    const { key } = county.signerOf('qinglong')
    const fixed = { stream: 'hub>all', kind: 'revoke' as const, action: 'r-1', part: 0, actor: null, doc: null, lines: [] }
    await ledger.write([{ ...fixed, body: { node: 'qinglong', key, reason: 'lost' } }])
    await ledger.keepCertificate('qinglong', county.certificateOf('qinglong'))
    expect(await ledger.nodes()).toMatchObject([{ node: 'qinglong', revoked: [key] }])
    expect((await taken(ledger, parcelOf('qinglong', received(county, 5), 1)))[0]).toMatchObject({ judgement: 'refused' })
    expect(await openKinds(ledger)).toEqual(['key-revoked'])
    const other = county.signerOf('baihe').publicKey
    await ledger.keepCertificate('qinglong', county.certificateOf('qinglong', 1, other))
    expect((await ledger.nodes())[0]?.certificates).toHaveLength(2)
    await taken(ledger, parcelOf('qinglong', testWriter(STREAM, EPOCH, county.signerOf('baihe')), 1))
    expect(await ledger.tips([STREAM])).toMatchObject([{ held: 1 }])
  },

  'goes on without its second copy, says so, and brings it level when it is there again': async (county) => {
    const copy = copyOf(county)
    rmSync(copy, { recursive: true })
    const ledger = await county.open(undefined, copy)
    await written(ledger, 'site-1')
    expect((await ledger.storage()).secondCopy).toBe('failing')
    expect(await openKinds(ledger)).toEqual(['second-copy-failing'])
    mkdirSync(copy)
    await ledger.sweep(RECEIVED_MS)
    expect([(await ledger.storage()).secondCopy, linesIn(copy)]).toEqual(['ok', 1])
    expect(await openKinds(ledger)).toEqual([])
    // It may end in that trouble, and be well when it starts again: with the device, or without the setting, by which nothing is copied.
    for (const [setting, secondCopy] of [
      [copy, 'ok'],
      [undefined, 'none'],
    ] as const) {
      await county.close()
      rmSync(copy, { recursive: true })
      expect(await openKinds(await county.open(undefined, copy))).toEqual(['second-copy-failing'])
      await county.close()
      mkdirSync(copy)
      const again = await county.open(undefined, setting)
      expect(await again.storage()).toMatchObject({ secondCopy })
      expect(await openKinds(again)).toEqual([])
    }
  },

  'names a line of the second copy that was changed, and takes the others': async (county) => {
    const copy = copyOf(county)
    const ledger = await county.open(undefined, copy)
    await written(ledger, 'site-1')
    await written(await county.open(undefined, copy), 'site-2')
    await county.close()
    const file = join(copy, 'hub-streams.ndjson')
    const [first = '', second = ''] = readFileSync(file, 'utf8').trimEnd().split('\n')
    writeFileSync(file, `${first}\n${second.replace('site-2', 'site-9')}\n`)
    const other = county.another()
    try {
      // Under an epoch that stands in nobody's copy.
      for (let times = 0; times < 2; times += 1) await other.open()
      const fresh = await other.open(undefined, copy)
      expect(await fresh.tips(['hub>all'])).toMatchObject([{ held: 2 }])
      expect(await openKinds(fresh)).toEqual(['tamper'])
    } finally {
      await other.drop()
    }
  },
}

const crypto = openCrypto()

/** A digest of these positions at an entry of the first epoch. */
const said = (seq: number, rows: Parameters<typeof digestOf>[1]) => {
  const { digest, buckets } = digestOf(crypto, rows)
  return { stream: STREAM, epoch: EPOCH, seq, digest, buckets: [...buckets], rows: [] }
}

const titles = async (ledger: HubLedger): Promise<readonly string[]> => {
  const page = await ledger.ask.discrepancies({})
  return isRefusal(page) ? [] : page.rows.filter(({ closedAt }) => closedAt === null).map(({ title }) => title.zh)
}
const nodeDigest = async (ledger: HubLedger) => (await ledger.ask.nodes()).rows[0]?.digest

const copyOf = (county: LedgerCounty): string => {
  const folder = `${county.file}.copy`
  mkdirSync(folder)
  return folder
}
const linesIn = (folder: string): number => readFileSync(join(folder, 'hub-streams.ndjson'), 'utf8').split('\n').length - 1

const written = async (ledger: HubLedger, action: string) => {
  const body = { site: 'qinglong', version: 1, name: { zh: '青龙卫生院', en: 'Qinglong' }, zone: 'Asia/Shanghai', rooms: [] }
  const fixed = { stream: 'hub>all', kind: 'site' as const, part: 0, actor: null, doc: null, lines: [] }
  expect(await ledger.write([{ ...fixed, action, body }])).toMatchObject({ fresh: true })
}
