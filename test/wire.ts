import { base64urlOf, hexOf } from '@lotkeeper/protocol/bytes.ts'
import { writeBatch } from '@lotkeeper/protocol/wire/batch.ts'
import { CERTIFICATE_SHOWN, keyId, signCertificate } from '@lotkeeper/protocol/wire/certificate.ts'
import { DIGEST, DIGEST_ASK, DIGEST_BUCKETS } from '@lotkeeper/protocol/wire/digest.ts'
import { BIRTH, DEATH, HAVE, HUB_STATE } from '@lotkeeper/protocol/wire/have.ts'
import { ROSTER_ASK, ROSTER_TOLD, writeRoster } from '@lotkeeper/protocol/wire/roster.ts'
import { testParts, testSigner } from './parts.ts'
import { HUB_ENTRIES_6, NODE_ENTRIES_4 } from './wire-openings.ts'
import {
  EPC,
  HUB_ENTRIES_4,
  HUB_ENTRIES_5,
  HUB_ENTRIES_7,
  NODE_ENTRIES_3,
  NODE_ENTRIES_5,
  NODE_ENTRIES_6,
  NODE_ENTRIES_7,
  type Sample,
} from './wire-records.ts'
import { HUB_ENTRIES_8, ROSTER_ASKED, ROSTER_SAMPLE, ROSTER_TOLD_SAMPLE } from './wire-rosters.ts'
import { testWriter } from './writer.ts'

/** Everything that ever goes over the wire or into a chain, one of each kind, made from fixed seeds: what `test/fixtures/wire/v1` holds. */
export const wireSamples = (): Readonly<Record<string, string>> => {
  const county = testSigner(new Uint8Array(32).fill(1))
  const nodeSigner = testSigner(new Uint8Array(32).fill(2))
  const hubSigner = testSigner(new Uint8Array(32).fill(3))
  const parent = { epoch: '0000000000000009', seq: 41, hash: 'C'.repeat(64) }
  const node = testWriter('qinglong>*', '00112233aabbccdd', nodeSigner, parent)
  for (const draft of NODE_ENTRIES) node.add(draft)
  const hub = testWriter('hub>qinglong', 'ffeeddccbbaa9988', hubSigner)
  for (const draft of HUB_ENTRIES) hub.add(draft)
  const nodeAgain = testWriter('qinglong>*', '00112233aabbccde', nodeSigner, parent)
  for (const draft of NODE_ENTRIES_2) nodeAgain.add(draft)
  const hubToAll = testWriter('hub>all', 'ffeeddccbbaa9989', hubSigner)
  for (const draft of HUB_ENTRIES_2) hubToAll.add(draft)
  const hubAgain = testWriter('hub>qinglong', 'ffeeddccbbaa998a', hubSigner)
  for (const draft of HUB_ENTRIES_3) hubAgain.add(draft)
  const hubRecords = testWriter('hub>all', 'ffeeddccbbaa998b', hubSigner)
  for (const draft of HUB_ENTRIES_4) hubRecords.add(draft)
  const hubOutcomes = testWriter('hub>qinglong', 'ffeeddccbbaa998c', hubSigner)
  for (const draft of HUB_ENTRIES_5) hubOutcomes.add(draft)
  const nodeRecords = testWriter('qinglong>*', '00112233aabbccdf', nodeSigner, parent)
  for (const draft of NODE_ENTRIES_3) nodeRecords.add(draft)
  const hubOpenings = testWriter('hub>qinglong', 'ffeeddccbbaa998d', hubSigner)
  for (const draft of HUB_ENTRIES_6) hubOpenings.add(draft)
  const nodeOpenings = testWriter('qinglong>*', '00112233aabbcce0', nodeSigner, parent)
  for (const draft of NODE_ENTRIES_4) nodeOpenings.add(draft)
  const nodeLabels = testWriter('qinglong>*', '00112233aabbcce1', nodeSigner, parent)
  for (const draft of NODE_ENTRIES_5) nodeLabels.add(draft)
  const nodeCodes = testWriter('qinglong>*', '00112233aabbcce2', nodeSigner, parent)
  for (const draft of NODE_ENTRIES_6) nodeCodes.add(draft)
  const nodeWork = testWriter('qinglong>*', '00112233aabbcce3', nodeSigner, parent)
  for (const draft of NODE_ENTRIES_7) nodeWork.add(draft)
  const hubDays = testWriter('hub>all', 'ffeeddccbbaa998e', hubSigner)
  for (const draft of HUB_ENTRIES_7) hubDays.add(draft)
  const hubPeople = testWriter('hub>qinglong', 'ffeeddccbbaa998f', hubSigner)
  for (const draft of HUB_ENTRIES_8) hubPeople.add(draft)
  const head = { source: '/nodes/qinglong', time: AT }
  const certificate = (subject: string, role: 'node' | 'hub', key: Uint8Array) =>
    signCertificate(testParts, county, {
      v: 1,
      subject,
      role,
      alg: 'Ed25519',
      signingKey: base64urlOf(key),
      tlsKey: 'B'.repeat(64),
      from: AT,
      serial: 1,
      incarnation: role === 'hub' ? 1 : 0,
      issuer: keyId(testParts, county.publicKey),
    })
  const tip = (writer: typeof node) => ({
    stream: writer.tip().stream,
    epoch: writer.tip().epoch,
    held: writer.tip().held,
    headHash: writer.tip().headHash,
    applied: writer.tip().applied,
    refused: [],
  })
  return {
    'entries-node.ndjson': chained(node),
    'entries-hub.ndjson': chained(hub),
    'entries-node-2.ndjson': chained(nodeAgain),
    'entries-hub-2.ndjson': chained(hubToAll),
    'entries-hub-3.ndjson': chained(hubAgain),
    'entries-hub-4.ndjson': chained(hubRecords),
    'entries-hub-5.ndjson': chained(hubOutcomes),
    'entries-node-3.ndjson': chained(nodeRecords),
    'entries-hub-6.ndjson': chained(hubOpenings),
    'entries-node-4.ndjson': chained(nodeOpenings),
    'entries-node-5.ndjson': chained(nodeLabels),
    'entries-node-6.ndjson': chained(nodeCodes),
    'entries-node-7.ndjson': chained(nodeWork),
    'entries-hub-7.ndjson': chained(hubDays),
    'entries-hub-8.ndjson': chained(hubPeople),
    'roster.json': `${writeRoster(ROSTER_SAMPLE)}\n`,
    'roster-ask.json': ROSTER_ASK.write({ id: 'roster-ask-1', ...head }, ROSTER_ASKED),
    'roster-told.json': ROSTER_TOLD.write({ id: 'roster-1', source: '/hub', time: AT }, ROSTER_TOLD_SAMPLE),
    'digest.json': DIGEST.write(
      { id: 'digest-1', ...head },
      {
        ...{ stream: 'qinglong>*', epoch: '00112233aabbccdd', seq: 13, digest: 'E'.repeat(64) },
        ...{ buckets: Array.from({ length: DIGEST_BUCKETS }, (_, at) => at.toString(16).toUpperCase().padStart(64, '0')) },
        rows: [{ lot: LOT, place: 'qinglong/~consumed', units: -3 }],
      },
    ),
    'certificate-shown.json': CERTIFICATE_SHOWN.write(
      { id: 'certificate-1', ...head },
      certificate('qinglong', 'node', nodeSigner.publicKey),
    ),
    'digest-ask.json': DIGEST_ASK.write({ id: 'digest-ask-1', source: '/hub', time: AT }, { buckets: [0, 63] }),
    'batch-node.json': writeBatch(node.batch(1, node.texts.length), head),
    'batch-hub.json': writeBatch(hub.batch(2, 3), { source: '/hub', time: AT }),
    'have.json': HAVE.write(
      { id: 'have-1', ...head },
      {
        tips: [tip(node), { ...tip(hub), refused: [{ from: 9, hash: 'D'.repeat(64), code: 'wire.entry-malformed' }] }],
        at: AT,
        waiting: 3,
      },
    ),
    'birth.json': BIRTH.write(
      { id: 'birth-1', ...head },
      {
        node: 'qinglong',
        epoch: '00112233aabbccdd',
        software: '0.1.0',
        boot: 'boot-1',
        at: AT,
        devices: [{ device: 'door-1-in', kind: 'reader', state: 'reading', since: AT }],
      },
    ),
    'death.json': DEATH.write({ id: 'death-1', ...head }, { node: 'qinglong', epoch: '00112233aabbccdd', why: 'lost' }),
    'hub-state.json': HUB_STATE.write(
      { id: 'hub-1', source: '/hub', time: AT },
      { epoch: 'ffeeddccbbaa9988', incarnation: 1, at: AT, ...certificate('hub', 'hub', hubSigner.publicKey) },
    ),
    'certificate-node.json': JSON.stringify({
      countyKey: base64urlOf(county.publicKey),
      ...certificate('qinglong', 'node', nodeSigner.publicKey),
    }),
  }
}

const AT = '2026-11-22T01:02:03.004Z'
const LOT = 'gauze-10x10/B2509-甲'
const PASSAGE = {
  door: 'door-1',
  epc: EPC,
  direction: 'in',
  at: AT,
  certainty: 0.97,
  algorithm: 'portal/1',
  evidence: { in: [12, -48, 900], out: [9, -51, 200] },
  ring: 'r-1',
}
const LOTS = [{ lot: LOT, printed: 'b2509-甲', expiry: '2028-08-31', produced: null }]
const line = (from: string, to: string, units: number) => ({
  lot: LOT,
  from,
  to,
  units,
  entered: { quantity: 2, pack: 'box', factorVersion: 1 },
  tags: [EPC],
})

const NODE_ENTRIES: readonly Sample[] = [
  {
    kind: 'receive',
    action: 'door-1:1',
    device: 'door-1',
    doc: 'ASN-1',
    lines: [line('qinglong/~transit', 'qinglong/main/pending', 20)],
    body: { passage: PASSAGE, lots: LOTS },
  },
  { kind: 'accept', action: 'page:2', actor: 'keeper-1', lines: [line('qinglong/main/pending', 'qinglong/main/available', 20)], body: {} },
  {
    kind: 'issue',
    action: 'page:3',
    actor: 'keeper-1',
    lines: [line('qinglong/~unexplained', 'qinglong/main/available', 1), line('qinglong/main/available', 'qinglong/~consumed', 21)],
    body: { override: { rule: 'rules.lot-expired', reason: '急救 “emergency”' }, scan: ']d20106901234567892' },
  },
  {
    kind: 'move',
    action: 'door-1:4',
    device: 'door-1',
    lines: [line('qinglong/main/available', 'qinglong/clinic/available', 1)],
    body: { passage: { ...PASSAGE, direction: 'out', ring: null } },
  },
  { kind: 'ship', action: 'page:5', actor: 'keeper-1', lines: [line('qinglong/main/available', 'baisha/~transit', 4)], body: {} },
  {
    kind: 'scrap',
    action: 'page:6',
    actor: 'keeper-1',
    lines: [line('qinglong/main/held', 'qinglong/~scrapped', 1)],
    body: { reason: '破损' },
  },
  {
    kind: 'reverse',
    action: 'page:7',
    actor: 'keeper-1',
    reverses: { entry: 'qinglong>*/00112233aabbccdd/4', lines: [1] },
    lines: [line('qinglong/~consumed', 'qinglong/main/available', 21)],
    body: { reason: '录错' },
  },
  {
    kind: 'count',
    action: 'page:8',
    actor: 'keeper-1',
    lines: [line('qinglong/main/available', 'qinglong/~adjusted', 2)],
    body: { place: 'qinglong/main/available', lot: LOT, counted: 10, book: 12, at: 'qinglong>*/00112233aabbccdd/8' },
  },
  {
    kind: 'passage',
    action: 'door-1:9',
    device: 'door-1',
    body: { passage: { ...PASSAGE, direction: 'uncertain', certainty: 0.4 }, outcome: 'uncertain' },
  },
  {
    kind: 'settle',
    action: 'page:10',
    actor: 'keeper-1',
    refs: ['qinglong>*/00112233aabbccdd/10'],
    lines: [line('qinglong/~transit', 'qinglong/main/pending', 20)],
    body: { task: 'qinglong>*/00112233aabbccdd/10', answer: 'in', lots: LOTS },
  },
  {
    kind: 'alarm',
    action: 'page:11',
    actor: 'keeper-1',
    body: { alarm: 'expired:qinglong/main/available', action: 'acknowledged', reason: '已下架' },
  },
  { kind: 'gap', action: 'gap:12', device: 'door-1-in', body: { device: 'door-1-in', from: AT, to: AT, why: 'unplugged' } },
]
const HUB_ENTRIES: readonly Sample[] = [
  {
    kind: 'item',
    action: 'api:1',
    actor: 'county',
    body: {
      item: 'gauze-10x10',
      version: 1,
      name: { zh: '医用纱布块', en: 'Gauze swab' },
      model: '10×10 cm',
      unit: { zh: '片', en: 'piece' },
      packs: [{ gtin: '06901234567892', pack: 'box', units: 10 }],
      nearDays: [180, 90, 30, 0],
    },
  },
  {
    kind: 'site',
    action: 'api:2',
    actor: 'county',
    body: {
      site: 'qinglong',
      version: 1,
      name: { zh: '青龙镇卫生院', en: 'Qinglong' },
      zone: 'Asia/Shanghai',
      rooms: [{ room: 'main', name: { zh: '库房', en: 'Store' }, use: 'store' }],
    },
  },
  {
    kind: 'tag',
    action: 'api:3',
    actor: 'county',
    doc: 'ASN-1',
    lines: [line('hub/~supplier', 'qinglong/~transit', 20)],
    body: { epc: EPC, lot: LOT, printed: 'b2509-甲', expiry: '2028-08-31', pack: 'box', units: 20, site: 'qinglong' },
  },
  { kind: 'certificate', action: 'api:4', body: { certificate: '{}', signature: 'A' } },
  { kind: 'revoke', action: 'api:5', actor: 'county', body: { node: 'baisha', key: '0123456789ABCDEF', reason: '被盗' } },
]

/** Kinds that came after the first: in files of their own, for a fixture is never edited. */
const NODE_ENTRIES_2: readonly Sample[] = [
  {
    kind: 'transform',
    action: 'page:13',
    actor: 'keeper-1',
    lines: [
      line('qinglong/main/available', 'qinglong/~transformed', 10),
      { ...line('qinglong/~transformed', 'qinglong/main/available', 5), lot: 'kit-dressing/K1' },
    ],
    body: {
      act: 'kit',
      edges: [{ parent: LOT, child: 'kit-dressing/K1', parentUnits: 10, childUnits: 5 }],
      lots: [{ lot: 'kit-dressing/K1', printed: 'K1', expiry: '2028-08-31', produced: '2026-11-22' }],
      reason: '换药包',
    },
  },
  {
    kind: 'correct',
    action: 'ask:14',
    actor: 'keeper-1',
    refs: ['hub>qinglong/ffeeddccbbaa9988/7'],
    lines: [line('qinglong/main/available', 'qinglong/~adjusted', 1)],
    body: { ask: 'hub>qinglong/ffeeddccbbaa9988/7', reason: '核对无误' },
  },
  {
    kind: 'document',
    action: 'page:15',
    actor: 'keeper-1',
    doc: 'DA-1',
    body: {
      ...{ doc: 'DA-1', type: 'receiving-advice', from: 'baisha', to: 'qinglong', due: null },
      lines: [{ lot: LOT, units: 4, expiry: '2028-08-31', tags: [EPC] }],
    },
  },
  {
    kind: 'clock',
    action: 'clock:16',
    body: { boot: 'boot-1', upMs: 60_000, clockAt: '1970-01-01T00:01:00.000Z', trueAt: AT, source: 'hub' },
  },
]
const HUB_ENTRIES_2: readonly Sample[] = [
  {
    kind: 'document',
    action: 'despatch:qinglong/00112233aabbccdd/6',
    doc: 'DA-2',
    body: {
      ...{ doc: 'DA-2', type: 'despatch-advice', from: 'qinglong', to: 'baisha', due: '2026-11-25' },
      lines: [{ lot: LOT, units: 4, expiry: null, tags: [] }],
    },
  },
  {
    kind: 'ask',
    action: 'api:6',
    actor: 'county',
    body: {
      ...{ what: 'correct', place: 'qinglong/main/available', lot: LOT, reason: '县里核对' },
      lines: [line('qinglong/main/available', 'qinglong/~adjusted', 1)],
    },
  },
  {
    kind: 'ownership',
    action: 'api:7',
    actor: 'county',
    body: { from: 'baisha', tip: { epoch: '0000000000000009', seq: 41, hash: 'C'.repeat(64) }, to: 'qinglong', reason: '设备失窃' },
  },
  { kind: 'checkpoint', action: 'checkpoint:1', body: { text: 'lotkeeper/0123456789ABCDEF/ffeeddccbbaa9989\n1\nAAAA\n\n\u2014 x AAAA\n' } },
]

const HUB_ENTRIES_3: readonly Sample[] = [
  {
    kind: 'decision',
    action: 'api:8',
    actor: 'county',
    body: {
      ...{ verdict: 'take', stream: 'qinglong>*', epoch: '0000000000000009', upto: 44, headHash: 'F'.repeat(64), key: '0123456789ABCDEF' },
      reason: '换卡前写的，已与库管员核对',
    },
  },
]

/** One line per entry: its hash, a tab, its text. */
const chained = (writer: { readonly texts: readonly string[]; readonly hashes: readonly Uint8Array[] }): string =>
  writer.texts.map((text, at) => `${hexOf(writer.hashes[at] ?? new Uint8Array())}\t${text}\n`).join('')
