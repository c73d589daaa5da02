import type { HubAnswer, HubBody, HubQuery, HubRoute } from '@lotkeeper/protocol/api/hub.ts'

/**
 * One call of every route, as the OpenAPI document shows it. The acts build on each other in the order of the table, on a site and an item
 * of their own, so that a person can play them with curl on any hub; only the enrolment's code and keys must be one's own.
 */
export type Examples = {
  readonly [R in HubRoute]: { readonly answer: HubAnswer<R> } & (HubQuery<R> extends undefined
    ? unknown
    : { readonly query: HubQuery<R> & Readonly<Record<string, string | number>> }) &
    (HubBody<R> extends undefined ? unknown : { readonly body: HubBody<R> })
}

const AT = '2026-11-22T03:24:00.000Z'
const EPOCH = '8f3a1c5e7b9d2046'
const CURSOR = { epoch: EPOCH, seq: 42, at: AT }
const ENTRY = `hub>xinghe/${EPOCH}/2`
const LOT = 'gauze-10x10-ex/B2611'
const PLACE = 'xinghe/main/available'
const SITE_NAME = { zh: '星河乡卫生院', en: 'Xinghe Health Centre' }
const ITEM_NAME = { zh: '医用纱布块（示例）', en: 'Gauze swab (example)' }
const UNIT = { zh: '包', en: 'pack' }
const ROOMS = [
  { room: 'main', name: { zh: '耗材库', en: 'Store' }, use: 'store' as const },
  { room: 'clinic', name: { zh: '门诊', en: 'Clinic' }, use: 'department' as const },
]
const EPC = '3074257BF7194E4000001A85'
const KEY = 'A'.repeat(43)
const HASH = '6E340B9CFFB37A989CA544E6BB780A2C78901D3FB33738768511A30617AFA01D'
const ORIGIN = `lotkeeper/0123456789ABCDEF/${EPOCH}`
const CHECKPOINT = `${ORIGIN}\n4712\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBheva\n\n\u2014 ${ORIGIN} ${'A'.repeat(92)}\n`

const session = { user: 'county', name: '县级库房', token: 'c291bmRzIGxpa2UgYSB0b2tlbg', until: '2026-11-22T15:24:00.000Z' }
const site = { site: 'xinghe', name: SITE_NAME, zone: 'Asia/Shanghai', rooms: ROOMS }
const item = {
  item: 'gauze-10x10-ex',
  name: ITEM_NAME,
  model: '10 cm x 10 cm x 8P',
  unit: UNIT,
  packs: [
    { gtin: '09521234543213', pack: 'pack', units: 1 },
    { gtin: '19521234543210', pack: 'case', units: 50 },
  ],
  nearDays: [180, 90, 30],
}
const itemShown = { ...item, version: 1 }
const tag = {
  ...{ epc: EPC, lot: LOT, lotNumber: 'B2611', item: item.item, expiry: '2028-10-31', pack: 'case', units: 50, site: 'xinghe' },
  ...{ registeredAt: AT, doc: 'DN-2026-1122' },
}
const node = {
  ...{ node: 'xinghe', name: SITE_NAME, state: 'online' as const, since: AT, lastHeardAt: AT, stream: 'xinghe>*', epoch: EPOCH, held: 118 },
  ...{
    waiting: 0,
    software: '0.1.0',
    clockSkewMs: -12,
    discrepancies: 0,
    digest: { at: AT, same: true },
    witnessed: 4_711,
    passedTo: null,
  },
  devices: [{ device: 'door-inside', kind: 'uhf', state: 'reading', since: AT }],
}
const movement = {
  ...{ entry: ENTRY, line: 0, kind: 'tag', site: 'xinghe', item: item.item, itemName: ITEM_NAME, unit: UNIT, lot: LOT, lotNumber: 'B2611' },
  ...{
    from: 'hub/~supplier',
    to: 'xinghe/~transit',
    units: 50,
    occurredAt: AT,
    receivedAt: AT,
    datedAt: null,
    level: 'safe' as const,
    actor: 'county',
    device: null,
  },
  ...{
    doc: 'DN-2026-1122',
    tags: [EPC],
    reverses: null,
    reversedBy: null,
    evidence: { by: 'hub' as const, certainty: null },
    override: null,
  },
}
const edge = {
  ...{ parent: LOT, child: 'gauze-kit-ex/K2611', parentUnits: 10, childUnits: 5, act: 'kit', entry: `xinghe>*/${EPOCH}/9` },
  ...{ site: 'xinghe', occurredAt: AT, depth: 1 },
}
const aside = {
  ...{ aside: `q:xinghe/${HASH}`, is: 'quarantined' as const, node: 'xinghe', nodeName: SITE_NAME, stream: 'xinghe>*', epoch: EPOCH },
  ...{ from: 119, upto: 119, entries: 1, bytes: 1_180, key: '0123456789ABCDEF', revokedAt: AT, code: 'wire.key-revoked' },
  ...{ why: { zh: '签名密钥已吊销', en: 'The signing key is revoked' }, since: AT, stands: 'waiting' as const, again: 'person' as const },
  ...{ againWhen: { zh: '等人决定：收下还是拒收', en: 'Waits for a person: take it or refuse it' }, decision: null },
}
const expiry = { expiry: '2028-10-31', daysLeft: 709, expiryState: 'ok' as const }

const WRITTEN = { entry: `hub>all/${EPOCH}/4`, part: 0, actor: 'county', at: AT }
/** A record with one version and no merges. */
const detailOf = <View extends { readonly version: number }>(asked: string, record: View) => ({
  ...{ asked, record, latest: record.version, more: false, merges: [] },
  history: [{ ...WRITTEN, rules: true, record }],
})
const ending = { state: 'ending' as const, daysLeft: 39, threshold: 90 }
const licence = {
  ...{ kind: 'distribution' as const, number: '川械经营许20240001号' },
  ...{ from: '2022-01-01', until: '2026-12-31' },
}
const party = {
  ...{ id: 'supplier-ex', name: { zh: '示例医疗器械有限公司', en: 'Example Medical Devices' }, roles: ['supplier' as const] },
  licences: [licence],
}
const partyShown = { ...party, version: 1 }
const certificate = {
  ...{ id: 'cert-gauze-ex', number: '川械注准20222140001', holder: party.id, issued: '2022-01-01', until: '2027-12-31' },
}
const certificateShown = { ...certificate, version: 1 }
const valid = { state: 'valid' as const, daysLeft: 404, threshold: null }
const portal = { id: 'xinghe-door', site: 'xinghe', name: { zh: '库房门', en: 'Store door' }, inside: 'main', outside: 'clinic' }
const costCentre = { id: 'cc-xinghe-clinic', name: { zh: '星河门诊', en: 'Xinghe clinic' }, site: 'xinghe', room: 'clinic' }
const file = { file: HASH, type: 'application/pdf' as const, bytes: 183_204 }
const merge = { of: 'party' as const, id: party.id, to: null }

const found = {
  ...{
    is: 'device' as const,
    id: '06901234567892',
    title: { zh: '医用纱布块', en: '医用纱布块' },
    detail: '10 cm x 10 cm · 苏械注准20192140123',
  },
  ...{ why: 'initials' as const, in: 'name' as const },
}
const device = {
  ...{
    di: '06901234567892',
    version: 1,
    name: '医用纱布块',
    trade: '',
    maker: '江苏示例医疗器械有限公司',
    certificate: '苏械注准20192140123',
  },
  ...{
    model: '10 cm x 10 cm',
    withdrawn: '',
    issuer: 'GS1',
    scheme: 'gtin' as const,
    creditCode: '',
    classCode: '14-10-02',
    category: '器械',
  },
  ...{ nhsa: '', key: '', singleUse: true, sterile: true, promises: { lot: true, serial: false, produced: true, expiry: true } },
  packs: [
    { code: '06901234567892', level: '', units: 1, of: null, quantity: 1 },
    { code: '16901234567899', level: '箱', units: 100, of: '06901234567892', quantity: 100 },
  ],
  storage: [{ what: '冷藏', min: '2', max: '8', unit: '℃' }],
}
const released = {
  ...{ import: 1, name: 'UDID_FULL_RELEASE_20261101.zip', sha256: HASH.toLowerCase(), only: '苏械注准20192140123', state: 'done' as const },
  ...{ phase: null, bytes: 50_688_351, bytesRead: 50_688_351 },
  counts: {
    ...{ parts: 100, passed: 0, records: 1_000_000, added: 12, changed: 0, same: 0, older: 0, left: 999_988, refused: 0, mended: 0 },
    ...{ unknown: {}, reasons: {} },
  },
  ...{ why: null, actor: 'county', startedAt: AT, endedAt: AT, errors: [] },
}

export const HUB_EXAMPLES: Examples = {
  signIn: { body: { user: 'county', password: 'lotkeeper' }, answer: session },
  session: { answer: session },
  signOut: { answer: {} },
  health: { answer: { state: 'ok', version: '0.1.0', hub: CURSOR, incarnation: 1, secondCopy: 'ok' } },
  overview: {
    answer: {
      cursor: CURSOR,
      sites: [
        { site: 'xinghe', name: SITE_NAME, node, items: 1, lots: 1, units: 300, inTransit: 50, expired: 0, near: 0, lastMovementAt: AT },
      ],
      discrepancies: 0,
      today: '2026-11-22',
    },
  },
  createSite: { body: { action: 'example-site-0001', ...site }, answer: site },
  createItem: { body: { action: 'example-item-0001', ...item }, answer: itemShown },
  item: { query: { item: item.item }, answer: { ...detailOf(item.item, itemShown), certificate: null, manufacturer: null } },
  parties: { query: { role: 'supplier', limit: 20 }, answer: { rows: [{ ...partyShown, validity: ending }], next: null } },
  saveParty: { body: { action: 'example-party-001', ...party }, answer: partyShown },
  party: { query: { id: party.id }, answer: { ...detailOf(party.id, partyShown), licences: [{ ...licence, validity: ending }] } },
  certificates: {
    query: { limit: 20 },
    answer: { rows: [{ ...certificateShown, validity: valid, holderName: party.name }], next: null },
  },
  saveCertificate: { body: { action: 'example-cert-0001', ...certificate }, answer: certificateShown },
  certificate: {
    query: { id: certificate.id },
    answer: {
      ...detailOf(certificate.id, certificateShown),
      validity: valid,
      holder: { record: partyShown, licences: [{ ...licence, validity: ending }] },
    },
  },
  find: { query: { text: 'sbk', limit: 20 }, answer: { rows: [found], scan: null } },
  device: { query: { di: '06901234567892' }, answer: device },
  imports: { answer: { rows: [released] } },
  importRelease: { query: { name: released.name, only: released.only }, answer: { import: 1 } },
  cancelImport: { body: { action: 'example-stop-0001', import: 1 }, answer: { import: 1 } },
  saveFile: { answer: file },
  file: { query: { file: HASH }, answer: file },
  portals: { query: { site: 'xinghe', limit: 20 }, answer: { rows: [{ ...portal, version: 1 }], next: null } },
  savePortal: { body: { action: 'example-portal-01', ...portal }, answer: { ...portal, version: 1 } },
  portal: { query: { id: portal.id }, answer: detailOf(portal.id, { ...portal, version: 1 }) },
  costCentres: { query: { site: 'xinghe', limit: 20 }, answer: { rows: [{ ...costCentre, version: 1 }], next: null } },
  saveCostCentre: { body: { action: 'example-centre-01', ...costCentre }, answer: { ...costCentre, version: 1 } },
  costCentre: { query: { id: costCentre.id }, answer: detailOf(costCentre.id, { ...costCentre, version: 1 }) },
  mergeRecords: { body: { action: 'example-merge-001', ...merge }, answer: { ...merge, version: 0 } },
  permits: {
    query: { within: 90, limit: 20 },
    answer: {
      rows: [
        {
          ...{ is: 'licence', id: party.id, number: licence.number, kind: licence.kind, from: licence.from, until: licence.until },
          ...{ validity: ending, party: { id: party.id, name: party.name }, items: [], itemsInAll: 0 },
        },
      ],
      next: null,
    },
  },
  registerTags: {
    body: {
      action: 'example-tags-0001',
      site: 'xinghe',
      doc: 'DN-2026-1122',
      tags: [{ epc: EPC, item: item.item, lotNumber: 'B2611', expiry: '2028-10-31', pack: 'case' }],
    },
    answer: { registered: 1, rows: [tag] },
  },
  stock: {
    query: { site: 'xinghe', expiring: 3650, limit: 20 },
    answer: {
      rows: [
        {
          site: 'xinghe',
          place: PLACE,
          item: item.item,
          itemName: ITEM_NAME,
          unit: UNIT,
          lot: LOT,
          lotNumber: 'B2611',
          ...expiry,
          units: 300,
        },
      ],
      next: null,
    },
  },
  movements: { query: { site: 'xinghe', limit: 20 }, answer: { rows: [movement], next: null } },
  lot: {
    query: { lot: LOT },
    answer: {
      ...{ lot: LOT, item: itemShown, lotNumber: 'B2611', ...expiry },
      whereIs: [
        {
          place: 'xinghe/~transit',
          site: 'xinghe',
          placeName: { zh: '星河乡卫生院 · 在途', en: 'Xinghe Health Centre · On the way' },
          units: 50,
        },
      ],
      whereWent: [
        {
          ...{ from: 'hub/~supplier', to: 'xinghe/~transit', fromName: { zh: '供应商', en: 'Supplier' } },
          ...{
            toName: { zh: '星河乡卫生院 · 在途', en: 'Xinghe Health Centre · On the way' },
            units: 50,
            movements: 1,
            first: AT,
            last: AT,
          },
        },
      ],
      journey: [movement],
      tags: [{ epc: EPC, units: 50, pack: 'case', site: 'xinghe', place: 'xinghe/~transit' }],
      parents: [],
      children: [edge],
    },
  },
  stockAsOf: {
    query: { date: '2026-10-31', by: 'true', site: 'xinghe', limit: 20 },
    answer: {
      rows: [
        {
          ...{ site: 'xinghe', place: PLACE, item: item.item, itemName: ITEM_NAME, unit: UNIT, lot: LOT, lotNumber: 'B2611' },
          ...{ expiry: '2028-10-31', units: 250 },
        },
      ],
      next: null,
    },
  },
  genealogy: { query: { lot: LOT }, answer: { lot: LOT, ancestors: [], descendants: [edge], more: false } },
  tag: { query: { epc: EPC }, answer: { epc: EPC, lot: LOT, place: 'xinghe/~transit', units: 50, entry: ENTRY, at: AT } },
  counts: {
    query: { site: 'xinghe', limit: 20 },
    answer: {
      rows: [
        {
          ...{ entry: `xinghe>*/${EPOCH}/12`, site: 'xinghe', place: PLACE, lot: LOT, lotNumber: 'B2611', itemName: ITEM_NAME },
          ...{ counted: 298, book: 300, difference: -2, at: AT, actor: 'keeper-1', reason: '月度盘点' },
        },
      ],
      next: null,
    },
  },
  documents: {
    query: { site: 'xinghe', limit: 20 },
    answer: {
      rows: [
        {
          ...{ doc: 'xinghe-1122-01', type: 'despatch-advice', from: 'xinghe', to: 'qinglong', at: AT, status: 'partly' },
          lines: [{ lot: LOT, lotNumber: 'B2611', itemName: ITEM_NAME, unit: UNIT, announced: 20, shipped: 20, received: 10 }],
        },
      ],
      next: null,
    },
  },
  askNode: {
    body: { action: 'example-ask-00001', what: 'count', place: PLACE, lot: LOT, reason: '与科室登记不符，请复核' },
    answer: { ask: `hub>xinghe/${EPOCH}/8` },
  },
  passOwnership: {
    body: { action: 'example-pass-0001', from: 'xinghe', to: 'qinglong', reason: '站点撤并' },
    answer: { entry: `hub>all/${EPOCH}/9` },
  },
  revokeKeys: {
    body: { action: 'example-revoke-001', node: 'xinghe', reason: '设备遗失' },
    answer: { revoked: ['0123456789ABCDEF'] },
  },
  rotateHubKey: {
    body: { action: 'example-rotate-001', reason: '例行更换' },
    answer: { key: 'FEDCBA9876543210', serial: 2, incarnation: 2 },
  },
  asides: { query: { node: 'xinghe', limit: 20 }, answer: { rows: [aside], next: null } },
  aside: {
    query: { aside: aside.aside },
    answer: {
      ...aside,
      content: [
        {
          ...{ seq: 119, readable: 'yes', kind: 'issue', occurredAt: AT, actor: 'keeper-1', doc: null, reason: null, text: null },
          lines: [
            {
              ...{ lot: LOT, lotNumber: 'B2611', itemName: ITEM_NAME, unit: UNIT, units: 10, from: PLACE, to: 'xinghe/~consumed' },
              ...{ fromName: { zh: '星河乡卫生院 · 耗材库', en: 'Xinghe Health Centre · Store' }, toName: { zh: '已使用', en: 'Used' } },
            },
          ],
        },
      ],
      ...{ more: 0, begins: null, mayTake: true, mayRefuse: true, hinders: null },
    },
  },
  decideAside: {
    body: { action: 'example-decide-001', aside: aside.aside, verdict: 'refuse', reason: '设备被盗之后写的，本站无人经手' },
    answer: {
      ...aside,
      ...{ stands: 'refused', again: 'never', againWhen: { zh: '不会入账，只留作证据', en: 'Will not be booked; kept as evidence' } },
      decision: { at: AT, actor: 'county', reason: '设备被盗之后写的，本站无人经手', entry: `hub>xinghe/${EPOCH}/3` },
    },
  },
  checkpoint: { answer: { epoch: EPOCH, size: 4_712, root: HASH, text: CHECKPOINT } },
  inclusion: {
    query: { entry: ENTRY },
    answer: { entry: ENTRY, epoch: EPOCH, index: 4_710, size: 4_712, leaf: HASH, path: [HASH, HASH], root: HASH },
  },
  nodes: { answer: { rows: [node] } },
  sites: { answer: { rows: [site] } },
  items: { query: { search: '纱布', limit: 20 }, answer: { rows: [itemShown], next: null } },
  tags: { query: { site: 'xinghe', limit: 20 }, answer: { rows: [tag], next: null } },
  discrepancies: {
    query: { limit: 20 },
    answer: {
      rows: [
        {
          ...{ discrepancy: 'stream-fork:xinghe>*', kind: 'stream-fork', severity: 1, site: 'xinghe', subject: 'xinghe>*', entry: null },
          ...{ title: { zh: '同一序号出现两份不同记录', en: 'Two entries claim one place' }, openedAt: AT, closedAt: null },
        },
      ],
      next: null,
    },
  },
  createEnrolment: {
    body: { action: 'example-enrol-0001', node: 'xinghe', name: SITE_NAME, zone: 'Asia/Shanghai', rooms: ROOMS },
    answer: { code: 'xinghe.ABCDEFGHIJKLMNOPQRSTUVWXYZ.ABCDEFGHIJKLMNOPQRSTUVWXYZ', until: '2026-11-23T03:24:00.000Z' },
  },
  enrol: {
    body: {
      code: 'xinghe.ABCDEFGHIJKLMNOPQRSTUVWXYZ.ABCDEFGHIJKLMNOPQRSTUVWXYZ',
      node: 'xinghe',
      signingKey: KEY,
      tlsRequest: '-----BEGIN CERTIFICATE REQUEST-----\n...\n-----END CERTIFICATE REQUEST-----\n',
      pageRequest: '-----BEGIN CERTIFICATE REQUEST-----\n...\n-----END CERTIFICATE REQUEST-----\n',
    },
    answer: {
      ...{ certificate: '{...}', signature: 'A'.repeat(86), countyKey: KEY, hubCertificate: '{...}', hubSignature: 'A'.repeat(86) },
      tlsCertificate: '-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n',
      pageCertificate: '-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n',
      authority: '-----BEGIN CERTIFICATE-----\n...\n-----END CERTIFICATE-----\n',
      broker: 'mqtts://hub.county:8883',
      site: { ...site, version: 1 },
    },
  },
}
