import type { HubAnswer, HubBody, HubQuery, HubRoute } from '@lotkeeper/protocol/api/hub.ts'
import { AUDIT_EXAMPLES } from './examples-audit.ts'
import { CATALOG_EXAMPLES, EXAMPLE_ITEM as item, EXAMPLE_ITEM_SHOWN as itemShown } from './examples-catalog.ts'
import { IMPORT_EXAMPLES } from './examples-imports.ts'
import { LABEL_EXAMPLES } from './examples-labels.ts'
import { NODE_CERTIFICATE_EXAMPLES } from './examples-node-certificates.ts'
import { OPENING_EXAMPLES } from './examples-openings.ts'
import { PEOPLE_EXAMPLES } from './examples-people.ts'
import { PERSON_EXAMPLES } from './examples-persons.ts'
import { WEBHOOK_EXAMPLES } from './examples-webhooks.ts'

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
const { name: ITEM_NAME, unit: UNIT } = item
const ROOMS = [
  { room: 'main', name: { zh: '耗材库', en: 'Store' }, use: 'store' as const },
  { room: 'clinic', name: { zh: '门诊', en: 'Clinic' }, use: 'department' as const },
]
const EPC = '3074257BF7194E4000001A85'
const KEY = 'A'.repeat(43)
const { file: HASH } = CATALOG_EXAMPLES.saveFile.answer
const ORIGIN = `lotkeeper/0123456789ABCDEF/${EPOCH}`
const CHECKPOINT = `${ORIGIN}\n4712\nbjQLnP+zepicpUTmu3gKLHiQHT+zNzh2hRGjBheva\n\n\u2014 ${ORIGIN} ${'A'.repeat(92)}\n`

const site = { site: 'xinghe', name: SITE_NAME, zone: 'Asia/Shanghai', rooms: ROOMS }
const tag = {
  ...{ epc: EPC, lot: LOT, lotNumber: 'B2611', item: item.item, expiry: '2028-10-31', pack: 'case', units: 50, site: 'xinghe' },
  ...{ registeredAt: AT, doc: 'DN-2026-1122', state: 'live' as const, next: null },
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

export const HUB_EXAMPLES: Examples = {
  ...PEOPLE_EXAMPLES,
  health: { answer: { state: 'ok', version: '0.1.0', hub: CURSOR, incarnation: 1, secondCopy: 'ok', isSetUp: true, sso: null } },
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
  createSite: { body: { action: 'example-site-0001', ...site }, answer: { ...site, version: 1 } },
  ...CATALOG_EXAMPLES,
  ...LABEL_EXAMPLES,
  ...NODE_CERTIFICATE_EXAMPLES,
  ...IMPORT_EXAMPLES,
  ...AUDIT_EXAMPLES,
  ...OPENING_EXAMPLES,
  ...WEBHOOK_EXAMPLES,
  ...PERSON_EXAMPLES,
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
      ...{ lot: LOT, now: LOT, metAs: [], item: itemShown, lotNumber: 'B2611', ...expiry },
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
  tagLife: {
    query: { epc: EPC },
    answer: {
      ...{ tag, itemName: ITEM_NAME, place: 'xinghe/~transit', left: 50 },
      placeName: { zh: '星河乡卫生院 · 在途', en: 'Xinghe Health Centre · On the way' },
      life: [{ what: 'registered', other: null, why: null, entry: ENTRY, site: 'xinghe', actor: 'county', at: AT }],
    },
  },
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
  sites: { answer: { rows: [{ ...site, version: 1 }] } },
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
  settleExpiry: {
    body: { action: 'example-expiry-01', lot: LOT, expiry: '2028-10-30', shown: ['2028-10-31'], reason: '厂家来函更正' },
    answer: { lot: LOT, expiry: '2028-10-30', version: 1, entry: `hub>all/${EPOCH}/30` },
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
