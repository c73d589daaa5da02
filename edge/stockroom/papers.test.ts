import type { NodeBody } from '@lotkeeper/protocol/api/node.ts'
import type { Licence, MasterRecord, RecordOf } from '@lotkeeper/protocol/ledger/master.ts'
import { STREAM_TO_ALL, streamToNode } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, test } from 'vitest'
import { NODE } from '../ledger/fixtures/bench.ts'
import { codeOf, GAUZE, openSite } from './fixtures/site.ts'

const EPC = '3034257BF468D480000003E8'
const { item: id, ...FIELDS } = GAUZE
const GTIN = GAUZE.packs[2]?.gtin ?? ''
const gauze = (more: Partial<RecordOf<'item'>> = {}): RecordOf<'item'> => ({
  is: 'item',
  id,
  ...FIELDS,
  version: 4,
  packs: [...GAUZE.packs],
  ...more,
})
const certificate = (until: string): RecordOf<'certificate'> => ({
  is: 'certificate',
  id: 'c1',
  version: 1,
  number: '国械注准1',
  issued: null,
  until,
})
const maker = (until: string): RecordOf<'party'> => {
  const licences: Licence[] = [{ kind: 'production', number: '苏药监械生产许1', from: null, until }]
  return { is: 'party', id: 'm1', version: 1, name: { zh: '甲厂', en: '' }, roles: ['manufacturer'], licences }
}
const NAMED = { certificate: 'c1', manufacturer: 'm1' }

/** A site whose county has said this of the gauze. */
const openTold = (...records: readonly MasterRecord[]) => {
  const site = openSite()
  const tell = (...more: readonly MasterRecord[]) => {
    site.hub.write(STREAM_TO_ALL, 'master', { records: [...more] })
    site.hub.tell(site.ledger)
  }
  if (records.length > 0) tell(...records)
  return { ...site, tell }
}
let actions = 0
const request = (more: Partial<NodeBody<'receive'>> = {}): NodeBody<'receive'> => {
  actions += 1
  const fixed = { action: `receive-${actions}`, item: 'gauze', lotNumber: 'B1', expiry: '2027-08-31', room: 'main' }
  return { ...fixed, quantity: 1, pack: 'carton', ...more }
}

test.for([
  ['nothing wrong', [gauze(NAMED), certificate('2026-11-21'), maker('2026-11-21')], {}, null],
  ['papers nobody has recorded', [gauze(NAMED)], {}, null],
  ['given up', [gauze({ retired: true })], {}, 'rules.item-retired'],
  ['a certificate that has ended', [gauze(NAMED), certificate('2026-11-20')], {}, 'rules.certificate-ended'],
  ['the same, made before, as typed', [gauze(NAMED), certificate('2026-11-20')], { produced: '2026-11-20' }, null],
  ['the same, made before, as the label says', [gauze(NAMED), certificate('2026-11-20')], { scan: `(01)${GTIN}(11)260101(10)B1` }, null],
  ['made after it', [gauze(NAMED), certificate('2026-10-31')], { produced: '2026-11-01' }, 'rules.certificate-ended'],
  [
    'made before it began',
    [gauze(NAMED), { ...certificate('2031-01-01'), issued: '2026-06-01' }],
    { produced: '2026-05-31' },
    'rules.certificate-not-yet',
  ],
  ['a licence that has ended', [gauze(NAMED), maker('2026-11-20')], { produced: '2020-01-01' }, 'rules.licence-ended'],
  ['a manufacture date that is none', [], { produced: '2026-02-30' }, 'catalog.expiry-malformed'],
] as const)('%s', ([, records, more, code]) => {
  const { ledger, stockroom, standing } = openTold(...(records as readonly MasterRecord[]))
  const answer = stockroom.receive(request(more as Partial<NodeBody<'receive'>>), 'keeper-1')
  expect(isRefusal(answer) ? answer.code : null).toBe(code)
  expect(standing()).toBe(code === null ? 'gauze/B1 main/pending 100' : '')
  expect(ledger.rebuild()).toEqual([])
})

test('a certificate that ends tomorrow stops the receipt of the day after', () => {
  const { clock, stockroom } = openTold(gauze(NAMED), certificate('2026-11-22'))
  expect(stockroom.receive(request(), null)).toMatchObject({ fresh: true })
  clock.pass(2 * 86_400_000)
  const refusal = stockroom.receive(request({ lotNumber: 'B2' }), null)
  expect(refusal).toMatchObject({ code: 'rules.certificate-ended', facts: { number: '国械注准1', until: '2026-11-22', day: '2026-11-23' } })
})

test('each rule in the way is set aside for itself, by its reason, and every one is on record', () => {
  const { ledger, stockroom, standing } = openTold(gauze({ ...NAMED, retired: true }), certificate('2026-11-20'))
  const because = (rule: string, reason = '应急') => ({ rule, reason })
  const expired = { expiry: '2026-11-01' }
  const overrides: { rule: string; reason: string }[] = []
  for (const rule of ['rules.lot-expired', 'rules.item-retired', 'rules.certificate-ended']) {
    expect(codeOf(stockroom.receive(request({ ...expired, overrides }), null))).toBe(rule)
    expect(codeOf(stockroom.receive(request({ ...expired, overrides: [...overrides, because(rule, ' ')] }), null))).toBe(
      'rules.reason-missing',
    )
    overrides.push(because(rule))
  }
  const booked = stockroom.receive(request({ ...expired, overrides, accept: true }), 'keeper-1')
  if (isRefusal(booked)) throw new Error(booked.en)
  const entries = booked.entries.map((entry) => ledger.read.entry(entry))
  expect(
    entries.map((entry) => [entry?.kind, entry?.lines.length, (entry?.body['override'] as { rule: string } | undefined)?.rule]),
  ).toEqual([
    ['receive', 1, 'rules.lot-expired'],
    ['receive', 0, 'rules.item-retired'],
    ['receive', 0, 'rules.certificate-ended'],
    ['accept', 1, 'rules.lot-expired'],
    ['provisional', 0, undefined],
  ])
  expect([booked.confirms, standing()]).toEqual([null, 'gauze/B1 main/available 100'])
})

test('one rule alone goes by the one override; an override of nothing is not kept', () => {
  const { ledger, stockroom } = openTold(gauze({ retired: true }))
  const override = { rule: 'rules.item-retired', reason: '退库' }
  stockroom.receive(request({ override, overrides: [{ rule: 'rules.lot-expired', reason: 'x' }] }), null)
  expect(ledger.read.movements({ limit: 2 }).map(({ entry }) => entry.body['override'])).toEqual([override])
})

const PROMISES = { lot: true, expiry: true, produced: true, serial: true }
test.for([
  ['nothing', { lotNumber: '', expiry: null }, 'lot expiry produced serial'],
  ['lot and date', {}, 'produced serial'],
  ['all of it by the label', { scan: `(01)${GTIN}(11)260101(10)B1(21)S7` }, null],
  ['the label of another lot', { scan: `(01)${GTIN}(11)260101(10)B2(21)S7` }, 'produced serial'],
  ['a tag, which is a serial number', { produced: '2026-01-01', tags: [EPC] }, null],
  ['a reason', { overrides: [{ rule: 'rules.label-incomplete', reason: '标签破损' }] }, null],
] as const)('of a label that promises everything: %s', ([, more, missing]) => {
  const { stockroom } = openTold(gauze({ promises: PROMISES }))
  const answer = stockroom.receive(request(more as Partial<NodeBody<'receive'>>), null)
  expect(isRefusal(answer) ? answer.facts['missing'] : null).toBe(missing)
})

test('what was read once is not asked for again: a known lot, and what was sent here', () => {
  const { announce, stockroom } = openTold(gauze({ promises: { ...PROMISES, serial: false } }))
  stockroom.receive(request({ produced: '2026-01-01' }), null)
  expect(stockroom.receive(request({ expiry: null }), null)).toMatchObject({ fresh: true })
  announce(EPC, 'gauze/B9', 100)
  expect(stockroom.receive(request({ lotNumber: 'B9' }), null)).toMatchObject({ fresh: true })
})

test('a merged item is received as the kept one, its old lots stay and bear the kept name', () => {
  const kept: RecordOf<'item'> = {
    ...gauze(),
    id: 'gauze-kept',
    name: { zh: '纱布', en: '' },
    packs: [{ gtin: null, pack: '箱', units: 100 }],
  }
  const { announce, hub, ledger, put, standing, stockroom, tell } = openTold()
  put('gauze/B1 main/available 30')
  announce(EPC, 'gauze/B8', 100)
  const lines = [{ lot: 'gauze/B7', units: 100, expiry: '2027-01-31', tags: [] }]
  const advice = { doc: 'DA-1', type: 'despatch-advice' as const, from: 'baihe', to: NODE, lines, due: null }
  hub.write(streamToNode(NODE), 'document', advice)
  tell(kept, { is: 'redirect', id: 'gauze', version: 1, of: 'item', to: 'gauze-kept' })
  const view = stockroom.identify(`(01)${GTIN}(17)270831(10)B2`)
  expect(view).toMatchObject({ item: { item: 'gauze-kept' }, pack: '箱', packUnits: 100, lot: 'gauze-kept/B2' })
  stockroom.receive(request({ item: 'gauze', lotNumber: 'B2', pack: '箱' }), null)
  stockroom.issue({ action: 'issue-0001', lot: 'gauze/B1', room: 'main', quantity: 10, pack: '片' }, null)
  // What was sent under the old name comes in under it, or it would stay under way for ever.
  expect(stockroom.identify(`(01)${GTIN}(10)B7`)).toMatchObject({ lot: 'gauze/B7', expected: 100 })
  stockroom.receive(request({ item: 'gauze-kept', lotNumber: 'b7', pack: '箱' }), null)
  expect(standing().replace(/.*consumed.*\n/, '')).toBe(
    'gauze-kept/B2 main/pending 100\ngauze/B1 main/available 20\ngauze/B7 main/pending 100',
  )
  expect(ledger.read.item('gauze')?.name.zh).toBe('纱布')
})

test.for([
  ['14', GAUZE.packs[0]?.gtin ?? ''],
  ['13', (GAUZE.packs[0]?.gtin ?? '').slice(1)],
  ['13, from a scanner', `]E0${(GAUZE.packs[0]?.gtin ?? '').slice(1)}`],
] as const)('a GTIN of %s digits leads to its pack', ([, text]) => {
  expect(openTold().stockroom.identify(text)).toMatchObject({ refused: null, item: { item: 'gauze' }, pack: 'piece', packUnits: 1 })
})

test.for([
  ['MA', { scheme: 'ma', code: 'MA.156.M0.100221.A1' }, 'MA.156.M0.100221.A1.M260101.LB1', null],
  ['MA with its AIM identifier', { scheme: 'ma', code: 'MA.156.M0.100221.A1' }, ']Q1MA.156.M0.100221.A1', null],
  ['HIBC', { scheme: 'hibc', code: 'A99912345' }, '+A99912345/$$52001510X3', null],
  ['HIBC with its check', { scheme: 'hibc', code: 'A99912345' }, ']d1+A99912345/$$52001510X33', null],
  ['MA typed in small letters', { scheme: 'ma', code: 'MA.156.M0.100221.A1' }, 'ma.156.m0.100221.a1', null],
  ['AHM', { scheme: 'ahm', code: '81234567890123456' }, '81234567890123456', null],
  ['a local code', { scheme: 'local', code: '库-17' }, ' 库-17', null],
  ['a local code of thirteen digits', { scheme: 'local', code: '2000000000015' }, '2000000000015', null],
  ['MA of a stranger', { scheme: 'ma', code: 'MA.156.M0.100221.A1' }, 'MA.156.M0.999999.A1', 'stockroom.item-unknown'],
  ['HIBC of a stranger', { scheme: 'hibc', code: 'A99912345' }, '+A123BJC5D6E71G', 'stockroom.item-unknown'],
  ['HIBC misread', { scheme: 'hibc', code: 'A99912345' }, '+A123BJC5D6E71H', 'codes.hibc-check-wrong'],
  ['a local code of a stranger', { scheme: 'local', code: '库-17' }, '库-18', 'codes.symbology-missing'],
] as const)('%s leads to the item and its pack', ([, code, text, refused]) => {
  const { stockroom } = openTold(gauze({ packs: [{ gtin: null, pack: 'carton', units: 100, codes: [code] }] }))
  const view = stockroom.identify(text)
  expect([view.refused?.code ?? null, view.item?.item ?? null, view.packUnits]).toEqual(
    refused ? [refused, null, null] : [null, 'gauze', 100],
  )
})

test('a known label whose check is wrong says so', () => {
  const { stockroom } = openTold(
    gauze({ packs: [{ gtin: null, pack: 'carton', units: 100, codes: [{ scheme: 'hibc', code: 'A99912345' }] }] }),
  )
  const { item, rows } = stockroom.identify('+A99912345/$$52001510X34')
  expect([item?.item, rows.map(({ value }) => value)]).toEqual(['gauze', ['+A99912345/$$52001510X34', 'codes.hibc-check-wrong']])
})

test.for([
  [
    'HIBC',
    { scheme: 'hibc', code: 'A99912345' },
    ']d1+A99912345/$$32808312B7/SSN42/16D20250901U',
    ['gauze/2B7', '2B7', '2028-08-31', 'SN42'],
  ],
  [
    'MA',
    { scheme: 'ma', code: 'MA.156.M0.100221.A1' },
    'MA.156.M0.100221.A1.LB7.SS1.E280831.V280830',
    ['gauze/B7', 'B7', '2028-08-30', 'S1'],
  ],
  ['its second symbol', { scheme: 'hibc', code: 'A99912345' }, '+$$0828LOT7ADQ', [null, 'LOT7A', '2028-08-31', null]],
] as const)('%s tells lot, expiry and serial, too', ([, code, text, wanted]) => {
  const { stockroom } = openTold(gauze({ packs: [{ gtin: null, pack: 'carton', units: 100, codes: [code] }] }))
  const view = stockroom.identify(text)
  expect([view.refused, view.lot, view.lotNumber, view.expiry, view.serial]).toEqual([null, ...wanted])
})
