import type { Entry, EntryKind } from '@lotkeeper/protocol/ledger/entry.ts'

/** An entry of the wire's samples, as far as it is not the same for all. */
export type Sample = Partial<Entry> & { readonly kind: EntryKind }
export const EPC = '30699B587B8716400012D687'

/** What nodes and the hub say of things: master data, what a node met, and what the county made of it. */
export const NODE_ENTRIES_3: readonly Sample[] = [
  {
    kind: 'provisional',
    action: 'page:16',
    actor: 'keeper-1',
    body: {
      ...{ is: 'item', item: 'qinglong-1', name: { zh: '无纺布敷料', en: '' }, model: '6x7', unit: { zh: '片', en: 'piece' } },
      packs: [{ pack: 'box', units: 30, gtin: '06901234567892' }],
      scan: ']d2010690123456789210B1',
    },
  },
  {
    kind: 'provisional',
    action: 'page:17',
    actor: 'keeper-1',
    body: { is: 'tag', epc: EPC, item: 'qinglong-1', lotNumber: 'B1', expiry: '2028-08-31', pack: 'box', units: 30 },
  },
]

/** A code nobody knew and what a keeper made of it; which last day of a lot is right. */
export const NODE_ENTRIES_6: readonly Sample[] = [
  {
    kind: 'code-met',
    action: 'code-met:gtin:06901234999990',
    body: { code: { scheme: 'gtin', code: '06901234999990' }, scan: ']d2010690123499999010ZS2811' },
  },
  {
    kind: 'code-bound',
    action: 'page:24',
    actor: 'keeper-1',
    refs: ['qinglong>*/00112233aabbcce2/2'],
    body: {
      ...{ code: { scheme: 'gtin', code: '06901234999990' }, item: 'gauze-10x10', pack: 'box', units: 20 },
      of: 'qinglong>*/00112233aabbcce2/2',
    },
  },
  {
    kind: 'lot-expiry',
    action: 'page:25',
    actor: 'keeper-1',
    body: {
      ...{ lot: 'gauze-10x10/B2509-甲', told: ['2028-07-31', '2028-08-31'], expiry: '2028-08-31', version: 1 },
      reason: '核对过实物标签',
    },
  },
]

/** Work on devices: an antenna, and a whole device. */
export const NODE_ENTRIES_7: readonly Sample[] = [
  {
    kind: 'maintenance',
    action: 'page:26',
    actor: 'keeper-1',
    device: 'door-1-in',
    body: { device: 'door-1-in', antenna: 2, what: 'antenna-replaced', words: '雷击后更换' },
  },
  {
    kind: 'maintenance',
    action: 'page:27',
    actor: 'keeper-1',
    device: 'scanner-1',
    body: { device: 'scanner-1', antenna: null, what: 'battery', words: null },
  },
]

/** The hub tells every node that days stand against each other. */
export const HUB_ENTRIES_7: readonly Sample[] = [
  {
    kind: 'lot-expiry',
    action: 'lot-expiry:1',
    body: { lot: 'gauze-10x10/B2509-甲', told: ['2028-07-31', '2028-08-31'], expiry: '2028-07-31', version: 0, reason: null },
  },
]

/** Labels changed on packs that stay where they are, and such a change taken back: a reversal without lines. */
export const NODE_ENTRIES_5: readonly Sample[] = [
  {
    kind: 'retag',
    action: 'page:20',
    actor: 'keeper-1',
    body: {
      ...{ from: EPC, to: 'F7006901234567892280C0FFEE123456', lot: 'gauze-10x10/B2509-甲', expiry: '2028-08-31', pack: 'box', units: 20 },
      ...{ left: 12, place: 'qinglong/main/available', why: '标签破损' },
    },
  },
  {
    kind: 'retag',
    action: 'page:21',
    actor: 'keeper-1',
    body: {
      ...{ from: null, to: EPC, lot: 'gauze-10x10/-', expiry: null, pack: '', units: 1, left: 1 },
      ...{ place: 'qinglong/main/pending', why: '期初补标' },
    },
  },
  {
    kind: 'retag',
    action: 'page:22',
    actor: 'keeper-1',
    body: { from: EPC, to: null, lot: 'gauze-10x10/-', expiry: null, pack: '', units: 1, left: null, place: null, why: '遗失' },
  },
  {
    kind: 'reverse',
    action: 'page:23',
    actor: 'keeper-1',
    refs: ['qinglong>*/00112233aabbcce1/4'],
    reverses: { entry: 'qinglong>*/00112233aabbcce1/4', lines: [] },
    body: { reason: '找到了' },
  },
]

export const HUB_ENTRIES_4: readonly Sample[] = [
  {
    kind: 'master',
    action: 'api:9',
    actor: 'county',
    body: {
      records: [
        {
          ...{ is: 'party', id: 'maker-1', version: 1, name: { zh: '某某医疗', en: 'Some Medical' }, roles: ['supplier', 'manufacturer'] },
          ...{ creditCode: '91510100MA00000000', gln: '6901234567892', contact: '028-00000000' },
          licences: [{ kind: 'production', number: '川械生产许20240001号', from: '2024-01-01', until: '2028-12-31', file: 'A'.repeat(64) }],
        },
        {
          ...{ is: 'certificate', id: 'cert-1', version: 1, number: '国械注准20243140001', holder: 'maker-1' },
          ...{ issued: '2024-02-01', until: '2029-01-31', file: 'B'.repeat(64) },
        },
        {
          ...{ is: 'item', id: 'gauze-10x10', version: 2, from: '2026-12-01', name: { zh: '医用纱布', en: 'Gauze' }, model: '10x10' },
          ...{ specification: '8P', unit: { zh: '包', en: 'pack' }, nearDays: [180, 30], class: 'II', certificate: 'cert-1' },
          ...{ manufacturer: 'maker-1', nhsa: 'C1401010000100001000', singleUse: true, sterile: true },
          packs: [
            { pack: 'pack', units: 1, gtin: '06901234567892' },
            { pack: 'case', units: 50, gtin: null, codes: [{ scheme: 'ma', code: 'MA.156.M0.100.1' }], of: { pack: 'pack', quantity: 50 } },
          ],
          storage: [{ what: 'temperature', min: '2', max: '25.5', unit: '°C' }],
          promises: { lot: true, serial: false, produced: true, expiry: true },
        },
      ],
    },
  },
  {
    kind: 'master',
    action: 'api:10',
    actor: 'county',
    body: {
      records: [
        {
          ...{ is: 'portal', id: 'qinglong-door', version: 1, site: 'qinglong', name: { zh: '库房门', en: 'Door' } },
          ...{ inside: 'main', outside: null },
        },
        { is: 'cost-centre', id: 'cc-1', version: 1, retired: true, name: { zh: '门诊', en: 'Clinic' }, site: 'qinglong', room: 'clinic' },
        { is: 'redirect', id: 'gauze-old', version: 1, of: 'item', to: 'gauze-10x10' },
        { is: 'redirect', id: 'maker-2', version: 2, of: 'party', to: null },
      ],
    },
  },
]

const MET = 'qinglong>*/00112233aabbccdf'
export const HUB_ENTRIES_5: readonly Sample[] = [
  {
    kind: 'outcome',
    action: 'api:11',
    actor: 'county',
    body: { of: `${MET}/1`, is: 'item', id: 'qinglong-1', answer: 'redirect', to: 'gauze-10x10', reason: null },
  },
  // A registration that moves nothing, and the word it follows from.
  {
    kind: 'tag',
    action: 'api:12',
    actor: 'county',
    body: { epc: EPC, lot: 'qinglong-1/B1', printed: 'B1', expiry: '2028-08-31', pack: 'box', units: 30, site: 'qinglong' },
  },
  {
    kind: 'outcome',
    action: 'api:12',
    part: 1,
    actor: 'county',
    body: { of: `${MET}/2`, is: 'tag', id: EPC, answer: 'confirm', to: null, reason: null },
  },
  {
    kind: 'outcome',
    action: 'api:13',
    actor: 'county',
    body: { of: `${MET}/1`, is: 'item', id: 'qinglong-1', answer: 'conflict', to: null, reason: '基本单位不同' },
  },
]
