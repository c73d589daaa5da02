import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catalog, openCatalog } from './catalog.ts'
import { openCounty, type TestCounty } from './fixtures/county.ts'

const PAPER = 'A'.repeat(64)
const ROOM = { room: 'main', name: { zh: '库房', en: 'Store' }, use: 'store' as const }
let nowMs = 0
let county: TestCounty
let catalog: Catalog
let acts = 0
const action = () => {
  acts += 1
  return `record-action-${acts}`
}
beforeEach(async () => {
  // Eleven in the evening of the 21st by UTC is the 22nd in the county.
  nowMs = Date.parse('2026-11-21T23:00:00.000Z')
  county = openCounty({ now: () => nowMs })
  catalog = openCatalog(county.ledger, (file) => file === PAPER)
  const rooms = [ROOM, { ...ROOM, room: 'clinic' }]
  await catalog.createSite({ action: action(), site: 'qinglong', name: { zh: '青龙', en: '' }, zone: 'Asia/Shanghai', rooms }, 'county')
})
afterEach(() => county.close())

const item = (given: Partial<HubBody<'createItem'>> = {}): HubBody<'createItem'> => ({
  ...{ action: action(), item: 'gauze', name: { zh: '纱布', en: 'Gauze' }, model: '10x10', unit: { zh: '包', en: 'pack' } },
  ...{ packs: [{ gtin: '06901234567892', pack: 'pack', units: 1 }], nearDays: [180, 30] },
  ...given,
})
const party = (given: Partial<HubBody<'saveParty'>> = {}): HubBody<'saveParty'> => ({
  ...{ action: action(), id: 'maker', name: { zh: '某某医疗', en: 'Some Medical' }, roles: ['supplier'], licences: [] },
  ...given,
})
const certificate = (given: Partial<HubBody<'saveCertificate'>> = {}): HubBody<'saveCertificate'> => ({
  ...{ action: action(), id: 'cert', number: '国械注准20243140001', issued: '2024-02-01', until: '2029-01-31' },
  ...given,
})
const portal = (given: Partial<HubBody<'savePortal'>> = {}): HubBody<'savePortal'> => ({
  ...{ action: action(), id: 'door', site: 'qinglong', name: { zh: '门', en: 'Door' }, inside: 'main', outside: null },
  ...given,
})
const centre = (given: Partial<HubBody<'saveCostCentre'>> = {}): HubBody<'saveCostCentre'> => ({
  ...{ action: action(), id: 'cc', name: { zh: '门诊', en: 'Clinic' } },
  ...given,
})
const licence = { kind: 'production' as const, number: '川械生产许20240001号', from: '2024-01-01', until: '2028-12-31' }
const made = <View>(answer: View | Refusal): View => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
const whereOf = (answer: unknown) => (isRefusal(answer) ? `${answer.code} ${answer.facts['where'] ?? ''}`.trim() : 'made')

/** Every kind of record by the same promises. */
const KINDS: readonly (readonly [string, (given: object) => Promise<unknown>])[] = [
  ['item', (given) => catalog.createItem(item(given), 'county')],
  ['party', (given) => catalog.saveParty(party(given), 'county')],
  ['certificate', (given) => catalog.saveCertificate(certificate(given), 'county')],
  ['portal', (given) => catalog.savePortal(portal(given), 'county')],
  ['cost centre', (given) => catalog.saveCostCentre(centre(given), 'county')],
]

describe.each(KINDS)('a record: %s', (kind, save) => {
  const [exists, unknown] =
    kind === 'item' ? ['catalog.item-exists', 'catalog.item-unknown'] : ['catalog.record-exists', 'catalog.record-unknown']

  it('is created once, changed from the version that was seen, and the same again is nothing new', async () => {
    expect(codeOf(await save({ knownVersion: 1 }))).toBe(unknown)
    expect(await save({})).toMatchObject({ version: 1 })
    expect(codeOf(await save({}))).toBe(exists)
    expect(await save({ knownVersion: 1, retired: true })).toMatchObject({ version: 2, retired: true })
    expect(codeOf(await save({ knownVersion: 1 }))).toBe('catalog.version-stale')
    const before = await county.ledger.tips(['hub>all'])
    expect(await save({ knownVersion: 2, retired: true })).toMatchObject({ version: 2 })
    expect(await county.ledger.tips(['hub>all'])).toEqual(before)
  })

  it('answers a repeated action as it did the first time, and no other act by it', async () => {
    const first = await save({ action: 'the-same-action' })
    expect(await save({ knownVersion: 1, from: '2027-01-01' })).toMatchObject({ version: 2 })
    expect(await save({ action: 'the-same-action' })).toEqual(first)
    expect(codeOf(await save({ action: 'the-same-action', from: '2026-12-01' }))).toBe('api.action-reused')
  })

  it('begins on a day that exists', async () => {
    expect(whereOf(await save({ from: '2027-02-30' }))).toBe('api.request-malformed from')
  })
})

describe('what a record refers to must be there', () => {
  it.each([
    ['an item of a certificate nobody knows', () => catalog.createItem(item({ certificate: 'none' }), 'county'), 'catalog.record-unknown'],
    ['an item of a maker nobody knows', () => catalog.createItem(item({ manufacturer: 'none' }), 'county'), 'catalog.record-unknown'],
    [
      'a certificate of a holder nobody knows',
      () => catalog.saveCertificate(certificate({ holder: 'x' }), 'county'),
      'catalog.record-unknown',
    ],
    [
      'a certificate with a paper that was not uploaded',
      () => catalog.saveCertificate(certificate({ file: 'B'.repeat(64) }), 'county'),
      'catalog.file-unknown',
    ],
    [
      'a licence with a paper that was not uploaded',
      () => catalog.saveParty(party({ licences: [{ ...licence, file: 'B'.repeat(64) }] }), 'county'),
      'catalog.file-unknown',
    ],
    ['a doorway of a site nobody knows', () => catalog.savePortal(portal({ site: 'nowhere' }), 'county'), 'catalog.site-unknown'],
    ['a doorway into a room that is not there', () => catalog.savePortal(portal({ inside: 'attic' }), 'county'), 'catalog.room-unknown'],
    ['a doorway out to a room that is not there', () => catalog.savePortal(portal({ outside: 'attic' }), 'county'), 'catalog.room-unknown'],
    ['a doorway into itself', () => catalog.savePortal(portal({ outside: 'main' }), 'county'), 'api.request-malformed outside'],
    ['a cost centre of a site nobody knows', () => catalog.saveCostCentre(centre({ site: 'nowhere' }), 'county'), 'catalog.site-unknown'],
    [
      'a cost centre of a room that is not there',
      () => catalog.saveCostCentre(centre({ site: 'qinglong', room: 'attic' }), 'county'),
      'catalog.room-unknown',
    ],
    ['a cost centre of a room of no site', () => catalog.saveCostCentre(centre({ room: 'main' }), 'county'), 'api.request-malformed site'],
    [
      'a licence that ends before it begins',
      () => catalog.saveParty(party({ licences: [licence, { ...licence, until: '2023-01-01' }] }), 'county'),
      'api.request-malformed licences/1',
    ],
    [
      'a certificate of no date',
      () => catalog.saveCertificate(certificate({ until: '2026-13-01' }), 'county'),
      'api.request-malformed until',
    ],
    ['a GLN with a wrong check digit', () => catalog.saveParty(party({ gln: '6901234567890' }), 'county'), 'api.request-malformed gln'],
  ])('%s', async (_what, act, wrong) => {
    expect(whereOf(await act())).toBe(wrong)
  })

  it('and when it is, it is shown with how it stands today', async () => {
    made(await catalog.saveParty(party({ licences: [{ ...licence, until: '2026-11-29', file: PAPER }] }), 'county'))
    made(await catalog.saveCertificate(certificate({ holder: 'maker', file: PAPER, until: '2026-11-21' }), 'county'))
    made(await catalog.createItem(item({ certificate: 'cert', manufacturer: 'maker', class: 'II' }), 'county'))
    expect(await county.ledger.ask.item({ item: 'gauze' })).toMatchObject({
      record: { class: 'II', certificate: 'cert' },
      certificate: { record: { number: '国械注准20243140001' }, validity: { state: 'ended', daysLeft: -1, threshold: null } },
      manufacturer: { record: { id: 'maker' }, licences: [{ validity: { state: 'ending', daysLeft: 7, threshold: 7 } }] },
    })
    expect(await county.ledger.ask.certificate({ id: 'cert' })).toMatchObject({ holder: { record: { id: 'maker' } } })
    expect(await county.ledger.ask.parties({})).toMatchObject({ rows: [{ id: 'maker', validity: { state: 'ending' } }] })
    expect(await county.ledger.ask.certificates({})).toMatchObject({
      rows: [{ validity: { state: 'ended' }, holderName: { en: 'Some Medical' } }],
    })
    expect(await county.ledger.audit()).toEqual([])
  })
})

describe('the packs of an item', () => {
  const pack = { gtin: null, pack: 'pack', units: 1 }
  it.each([
    ['a factor of 0', [pack, { gtin: null, pack: 'case', units: 0 }], 'catalog.factor-not-whole'],
    ['a factor of 2.5', [pack, { gtin: null, pack: 'case', units: 5, of: { pack: 'pack', quantity: 2.5 } }], 'catalog.factor-not-whole'],
    [
      'units that are not those of the level below',
      [pack, { gtin: null, pack: 'case', units: 40, of: { pack: 'pack', quantity: 50 } }],
      'catalog.pack-differs',
    ],
    ['a level of nothing known', [{ gtin: null, pack: 'case', units: 50, of: { pack: 'crate', quantity: 50 } }], 'catalog.pack-unknown'],
    [
      'a circle',
      [
        { gtin: null, pack: 'a', units: 1, of: { pack: 'b', quantity: 1 } },
        { gtin: null, pack: 'b', units: 1, of: { pack: 'a', quantity: 1 } },
      ],
      'catalog.pack-loop',
    ],
    ['a code twice', [{ ...pack, gtin: '16901234567899', codes: [{ scheme: 'gtin', code: '16901234567899' }] }], 'catalog.gtin-taken'],
    ['a code of another item, in another agency', [{ ...pack, codes: [{ scheme: 'ma', code: 'MA.156.M0.1' }] }], 'catalog.gtin-taken'],
  ])('are refused with %s', async (_what, packs, code) => {
    made(await catalog.createItem(item({ packs: [{ ...pack, codes: [{ scheme: 'ma', code: 'MA.156.M0.1' }] }] }), 'county'))
    expect(codeOf(await catalog.createItem(item({ item: 'other', packs: packs as never }), 'county'))).toBe(code)
  })

  it('free a code as soon as no version that rules or is yet to rule has it', async () => {
    const others = [{ ...pack, gtin: '16901234567899' }]
    made(await catalog.createItem(item(), 'county'))
    made(await catalog.createItem(item({ packs: others, from: '2026-11-23', knownVersion: 1 }), 'county'))
    const wanted = () => catalog.createItem(item({ item: 'other' }), 'county')
    expect(codeOf(await wanted())).toBe('catalog.gtin-taken')
    expect(codeOf(await catalog.createItem(item({ item: 'other', packs: others }), 'county'))).toBe('catalog.gtin-taken')
    nowMs += 24 * 3_600_000
    expect(codeOf(await wanted())).toBe('made')
    expect(await county.ledger.audit()).toEqual([])
  })
})

describe('a version', () => {
  it('rules from its day on by the calendar of the county, everywhere at once', async () => {
    made(await catalog.createItem(item(), 'county'))
    made(await catalog.createItem(item({ name: { zh: '新纱布', en: 'New' }, from: '2026-11-23', knownVersion: 1 }), 'keeper-2'))
    const seen = async () => {
      const { rows } = made(await county.ledger.ask.items({}))
      const told = made(await county.ledger.ask.item({ item: 'gauze' }))
      const rules = told.history.find((one) => one.rules)?.record.version
      return [rows[0]?.name.zh, told.record.version, told.latest, rules]
    }
    expect(await seen()).toEqual(['纱布', 1, 2, 1])
    // Midnight of the county is 16:00 by UTC.
    nowMs = Date.parse('2026-11-22T15:59:59.000Z')
    expect(await seen()).toEqual(['纱布', 1, 2, 1])
    nowMs = Date.parse('2026-11-22T16:00:00.000Z')
    expect(await seen()).toEqual(['新纱布', 2, 2, 2])
    expect(made(await county.ledger.ask.item({ item: 'gauze' })).history).toMatchObject([
      { actor: 'keeper-2', at: '2026-11-21T23:00:00.000Z', part: 0, rules: true, record: { from: '2026-11-23' } },
      { actor: 'county', rules: false },
    ])
    expect(await county.ledger.audit()).toEqual([])
  })

  it('of which the first is yet to begin is what is known of the thing until then', async () => {
    made(await catalog.createItem(item({ from: '2027-01-01' }), 'county'))
    expect(await county.ledger.ask.item({ item: 'gauze' })).toMatchObject({ record: { version: 1, from: '2027-01-01' }, latest: 1 })
  })
})

describe('a retired item', () => {
  it('is registered on no more tags', async () => {
    made(await catalog.createItem(item({ retired: true }), 'county'))
    const tags = [{ epc: '30AA', item: 'gauze', lotNumber: 'B1', expiry: null, pack: 'pack' }]
    expect(codeOf(await catalog.registerTags({ action: action(), site: 'qinglong', doc: null, tags }, 'county'))).toBe(
      'catalog.record-retired',
    )
  })
})
