/** The item the examples speak of, as it is sent and as it is shown. */
export const EXAMPLE_ITEM = {
  item: 'gauze-10x10-ex',
  name: { zh: '医用纱布块（示例）', en: 'Gauze swab (example)' },
  model: '10 cm x 10 cm x 8P',
  unit: { zh: '包', en: 'pack' },
  packs: [
    { gtin: '09521234543213', pack: 'pack', units: 1 },
    { gtin: '19521234543210', pack: 'case', units: 50 },
  ],
  nearDays: [180, 90, 30],
}
export const EXAMPLE_ITEM_SHOWN = { ...EXAMPLE_ITEM, version: 1 }

const AT = '2026-11-22T03:24:00.000Z'
const HASH = '6E340B9CFFB37A989CA544E6BB780A2C78901D3FB33738768511A30617AFA01D'
const WRITTEN = { entry: 'hub>all/8f3a1c5e7b9d2046/4', part: 0, actor: 'county', at: AT }
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
  ...{ import: 1, name: 'UDID_FULL_RELEASE_20261101.zip', sha256: HASH.toLowerCase(), keep: '苏械注准20192140123', state: 'done' as const },
  ...{ phase: null, bytes: 50_688_351, bytesRead: 50_688_351 },
  counts: {
    ...{ parts: 100, passed: 0, records: 1_000_000, added: 12, changed: 0, same: 0, older: 0, left: 999_988, refused: 0, mended: 0 },
    ...{ unknown: {}, reasons: {} },
  },
  ...{ why: null, actor: 'county', startedAt: AT, endedAt: AT, errors: [] },
}

const met = {
  ...{ entry: 'xinghe>*/0123456789abcdef/42', site: 'xinghe', siteName: { zh: '星河村卫生室', en: 'Xinghe village clinic' } },
  met: {
    ...{ is: 'item' as const, item: 'xinghe-new-1795233600', name: { zh: '纱布块', en: '' }, model: '10x10', unit: { zh: '包', en: '' } },
    packs: [{ pack: '包', units: 1, gtin: '06901234567892' }],
  },
  now: { item: 'xinghe-new-1795233600', name: { zh: '纱布块', en: '' }, known: false },
  ...{ actor: 'keeper-1', occurredAt: AT, receivedAt: AT, state: 'open' as const, settled: null },
  suggestions: [
    {
      ...{ is: 'device' as const, id: device.di, name: { zh: device.name, en: device.name }, why: 'code' as const, score: 100 },
      detail: `${device.model} · ${device.maker}`,
    },
    { is: 'item' as const, id: EXAMPLE_ITEM.item, name: EXAMPLE_ITEM.name, detail: EXAMPLE_ITEM.model, why: 'name' as const, score: 52 },
  ],
}

/** One call of every route of the catalogue and its reference; each record stands on those before it. */
export const CATALOG_EXAMPLES = {
  createItem: { body: { action: 'example-item-0001', ...EXAMPLE_ITEM }, answer: EXAMPLE_ITEM_SHOWN },
  items: {
    query: { search: '纱布', class: 'II' as const, permit: 'none' as const, limit: 20 },
    answer: { rows: [{ ...EXAMPLE_ITEM_SHOWN, permit: null }], next: null },
  },
  item: {
    query: { item: EXAMPLE_ITEM.item },
    answer: { ...detailOf(EXAMPLE_ITEM.item, EXAMPLE_ITEM_SHOWN), certificate: null, manufacturer: null },
  },
  parties: { query: { role: 'supplier' as const, limit: 20 }, answer: { rows: [{ ...partyShown, validity: ending }], next: null } },
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
  importRelease: { query: { name: released.name, keep: released.keep }, answer: { import: 1 } },
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
  provisionals: {
    query: { state: 'open' as const, limit: 20 },
    answer: { rows: [met], next: null, open: 1, counts: { open: 1, confirmed: 0, redirected: 0, conflict: 0 } },
  },
  decideProvisional: {
    body: { action: 'example-decide-001', entry: met.entry, answer: 'redirect' as const, to: EXAMPLE_ITEM.item, reason: '同一产品' },
    answer: { entry: met.entry, state: 'redirected' as const, to: EXAMPLE_ITEM.item, outcome: 'hub>xinghe/8f3a1c5e7b9d2046/7' },
  },
  permits: {
    query: { within: 90, limit: 20 },
    answer: {
      rows: [
        {
          ...{ is: 'licence' as const, id: party.id, number: licence.number, kind: licence.kind, from: licence.from, until: licence.until },
          ...{ validity: ending, party: { id: party.id, name: party.name }, items: [], itemsInAll: 0 },
        },
      ],
      next: null,
    },
  },
}
