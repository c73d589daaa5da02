import { openDatabase } from '@lotkeeper/hub/database.ts'
import { refold } from '@lotkeeper/hub/ledger/sqlite/audit.ts'
import { LEDGER_FORM } from '@lotkeeper/hub/ledger/sqlite/form.ts'
import { openLog } from '@lotkeeper/hub/ledger/sqlite/log.ts'
import { openFold } from '@lotkeeper/hub/projections/apply.ts'
import { base64urlOf, hexOf } from '@lotkeeper/protocol/bytes.ts'
import type { EntryKind, Line } from '@lotkeeper/protocol/ledger/entry.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { testParts } from '../parts.ts'
import { type TestWriter, testWriter } from '../writer.ts'
import type { Scenario } from './exhaustive.ts'
import {
  COUNTY_SIGNER,
  epochOf,
  type Head,
  HUB_SIGNER,
  type HubHouse,
  hubFile,
  NODE,
  NODE_SIGNER,
  openHubHouse,
  START_MS,
} from './houses.ts'
import type { Meter } from './meter.ts'
import { AVAILABLE, CONSUMED, LOT, lineOf, OWN, PENDING, TRANSIT } from './node-scenarios.ts'

/** A county's hub that knows its node. */
export const prepareHub = async (folder: string): Promise<void> => {
  const house = openHubHouse(folder, 0)
  await house.ledger.keepCertificate('hub', certificateOf('hub', HUB_SIGNER.publicKey))
  await house.ledger.keepCertificate(NODE, certificateOf(NODE, NODE_SIGNER.publicKey))
  await house.close()
}

/** Brings a stretch of the node's stream; a repeat is a duplicate. */
export const bring =
  (...stretches: readonly (readonly [number, number])[]) =>
  async ({ ledger }: HubHouse): Promise<Head> => {
    const parcels = stretches.map(([from, upto]) => ({
      node: NODE,
      payload: testParts.utf8(writeBatch(FROM_NODE.batch(from, upto), { source: `/nodes/${NODE}`, time: AT })),
      receivedAtMs: START_MS,
    }))
    const outcomes = await ledger.take(parcels)
    if (isRefusal(outcomes)) throw new Error(outcomes.en)
    for (const { judgement } of outcomes)
      if (judgement !== 'taken' && judgement !== 'duplicate') throw new Error(`a parcel was judged ${judgement}`)
    const last = stretches.at(-1)?.[1] ?? 0
    return { stream: OWN, epoch: epochOf(97), seq: last, hash: FROM_NODE.batch(last, last).headHash }
  }

/** What a node of the county once wrote. */
export const FROM_NODE: TestWriter = (() => {
  const writer = testWriter(OWN, epochOf(97), NODE_SIGNER)
  const add = (kind: EntryKind, ...lines: readonly Line[]) =>
    void writer.add({ kind, action: `act-${writer.texts.length}`, lines: [...lines], body: {} })
  for (let round = 0; round < 50; round += 1) {
    add('receive', lineOf(TRANSIT, PENDING, 20))
    add('accept', lineOf(PENDING, AVAILABLE, 20))
    add('issue', lineOf(AVAILABLE, CONSUMED, 3 + round))
  }
  return writer
})()

/** Goods on their way to the node, several in one act. */
export const announceAct =
  (action: string, boxes: number) =>
  async ({ ledger }: HubHouse): Promise<Head> => {
    const drafts = Array.from({ length: boxes }, (_, part) => {
      const epc = `3${hexOf(testParts.sha256(testParts.utf8(`${action}/${part}`))).slice(0, 23)}`
      const body = { epc, lot: LOT, printed: 'B1', expiry: '2028-01-31', pack: 'box', units: 20, site: NODE }
      const lines = [{ ...lineOf('hub/~supplier', TRANSIT, 20), tags: [epc] }]
      return { ...OF_THE_HUB, stream: `hub>${NODE}`, kind: 'tag' as const, action, part, doc: action, lines, body }
    })
    const written = await ledger.write(drafts)
    if (isRefusal(written)) throw new Error(written.en)
    const [stream = '', epoch = '', seq = ''] = (written.entries.at(-1) ?? '').split('/')
    const batch = await ledger.batch({ stream, epoch, from: Number(seq), upto: Number(seq) })
    return { stream, epoch, seq: Number(seq), hash: batch?.headHash ?? '' }
  }

export const HUB_SCENARIOS: readonly Scenario<HubHouse>[] = [
  { name: 'a hub begins', kind: 'hub', prepare: async () => {}, open: async (folder, life, meter) => open(folder, life, meter), acts: [] },
  {
    name: 'a hub takes parcels in groups',
    kind: 'hub',
    prepare: prepareHub,
    open: async (folder, life, meter) => open(folder, life, meter),
    acts: [bring([1, 4]), bring([5, 8], [7, 10], [11, 12])],
  },
  {
    name: 'a hub writes entries of its own',
    kind: 'hub',
    prepare: prepareHub,
    open: async (folder, life, meter) => open(folder, life, meter),
    acts: [announceAct('delivery-1', 2), announceAct('delivery-2', 1)],
  },
  {
    name: 'a hub starts with parked entries it can read by now',
    kind: 'hub',
    prepare: async (folder) => {
      await prepareHub(folder)
      const house = openHubHouse(folder, 0.5)
      await bring([1, 12])(house)
      await house.close()
      parkFrom(folder, 7)
    },
    open: async (folder, life, meter) => open(folder, life, meter),
    acts: [bring([13, 14])],
  },
  {
    name: 'a hub learns keys and forgets one',
    kind: 'hub',
    prepare: prepareHub,
    open: async (folder, life, meter) => open(folder, life, meter),
    acts: [
      async ({ ledger }) => {
        await ledger.keepCertificate('baihe', certificateOf('baihe', COUNTY_SIGNER.publicKey))
        return null
      },
      async ({ ledger }) => {
        const written = await ledger.write([
          {
            ...OF_THE_HUB,
            stream: 'hub>all',
            kind: 'revoke',
            action: 'revoke-1',
            body: { node: 'baihe', key: COUNTY_SIGNER.key, reason: 'lost' },
          },
        ])
        if (isRefusal(written)) throw new Error(written.en)
        return null
      },
    ],
  },
]

const AT = new Date(START_MS).toISOString()
const OF_THE_HUB = { part: 0, actor: null, doc: null, lines: [] } as const

const open = (folder: string, life: number, meter: Meter): HubHouse => openHubHouse(folder, life, meter.signer(HUB_SIGNER))

const certificateOf = (subject: string, key: Uint8Array) =>
  signCertificate(testParts, COUNTY_SIGNER, {
    v: 1,
    subject,
    role: subject === 'hub' ? 'hub' : 'node',
    alg: 'Ed25519',
    signingKey: base64urlOf(key),
    tlsKey: 'A'.repeat(64),
    from: '2026-01-01T00:00:00.000Z',
    serial: 1,
    incarnation: subject === 'hub' ? 1 : 0,
    issuer: COUNTY_SIGNER.key,
  })

/** As an older hub would have left it: entries from here on are held, and none of them was applied. */
const parkFrom = (folder: string, seq: number): void => {
  const opened = openDatabase(hubFile(folder), LEDGER_FORM)
  const { db } = opened
  db.prepare('update log set ord = null where stream = ? and seq >= ?').run(OWN, seq)
  db.prepare('update epoch set applied_seq = ? where stream = ?').run(seq - 1, OWN)
  db.prepare(`update ledger set value = (select max(ord) from log) where key = 'ord'`).run()
  db.transaction(() => refold(db, openLog(db), openFold(db)))()
  opened.close()
}
