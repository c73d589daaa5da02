import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { LABEL_FORMS, LABEL_SIZES, LABEL_SYMBOLS } from '@lotkeeper/protocol/api/hub-labels.ts'
import { bytesOfHex } from '@lotkeeper/protocol/bytes.ts'
import { identifyBrackets } from '@lotkeeper/protocol/codes/identification.ts'
import { rawCodesOf } from '@lotkeeper/protocol/codes/raw-codes.ts'
import { decodeEpc } from '@lotkeeper/protocol/epc/decode.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Catalog, openCatalog } from '../catalog/catalog.ts'
import { openCounty, type TestCounty } from '../catalog/fixtures/county.ts'
import { type Labels, openLabels } from './labels.ts'
import { assignTags } from './serials.ts'

const NOW = Date.parse('2026-11-22T03:00:00.000Z')
const name = { zh: '医用纱布块', en: 'Gauze swab' }
let county: TestCounty
let catalog: Catalog
let labels: Labels
beforeEach(async () => {
  county = openCounty({ now: () => NOW })
  catalog = openCatalog(county.ledger)
  labels = openLabels({ ask: county.ledger.ask, registerTags: catalog.registerTags, now: () => NOW })
  const about = { name, model: '10x10', unit: { zh: '包', en: 'pack' }, nearDays: [30] }
  const local = (code: string) => [{ scheme: 'local' as const, code }]
  const packs = [
    { gtin: '06901234567892', pack: 'pack', units: 1, codes: local('LK-gauze.1') },
    { gtin: '16901234567899', pack: '箱', units: 50 },
    { gtin: null, pack: 'old', units: 5, codes: local('16901234567899') },
    { gtin: null, pack: 'bare', units: 7 },
  ]
  made(await catalog.createItem({ action: 'item-000001', item: 'gauze', ...about, packs }, 'county'))
  made(await catalog.createItem({ action: 'item-000002', item: 'swab', ...about, packs: [] }, 'county'))
  const rooms = [{ room: 'main', name, use: 'store' as const }]
  made(await catalog.createSite({ action: 'site-000001', site: 'qinglong', name, zone: 'Asia/Shanghai', rooms }, 'county'))
})
afterEach(() => county.close())

const made = <View>(answer: View | Refusal): View => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
const codeOf = (answer: unknown) => (isRefusal(answer) ? answer.code : 'made')
type Body = HubBody<'printLabels'>
const wish = (given: Partial<Body['labels'][number]> = {}): Body['labels'][number] => ({
  ...{ item: 'gauze', pack: 'pack', lotNumber: 'B1', expiry: '2028-10-31', copies: 1 },
  ...given,
})
const announce = { site: 'qinglong', doc: 'DN-1', prefixDigits: 7 }
const body = (given: Partial<Body> = {}, ...wishes: readonly Partial<Body['labels'][number]>[]): Body => ({
  ...{ action: 'print-00001', form: 'zpl', size: '60x40', dpi: 203, symbol: 'datamatrix', scheme: 'gs1', announce: null },
  labels: (wishes.length === 0 ? [{}] : wishes).map(wish),
  ...given,
})
const print = (...asked: Parameters<typeof body>) => labels.print(body(...asked), 'county')
const registered = async () => made(await county.ledger.ask.tags({ limit: 500 })).rows
const entries = () => county.ledger.tips(['hub>all', 'hub>qinglong'])

describe('a label without a tag', () => {
  it('says what was asked, and leaves no entry', async () => {
    const before = await entries()
    const { rows, files } = made(await print({}, { produced: '2025-10-31', serial: 'S/1', copies: 7 }, { lotNumber: null, expiry: null }))
    expect(rows.map(({ says }) => says)).toEqual(['(01)06901234567892(11)251031(17)281031(10)B1(21)S/1', '(01)06901234567892'])
    expect(identifyBrackets(rows[0]?.says ?? '', { referenceYear: 2026, requisites: true })).toMatchObject({ lot: 'B1', serial: 'S/1' })
    expect(files[0]?.content.match(/\^PQ\d+/g)).toEqual(['^PQ7', '^PQ1'])
    expect(files[0]?.content).not.toContain('^RFW')
    expect(await entries()).toEqual(before)
  })

  it('takes the expiry the ledger knows of its lot, and contradicts it no more than a registration may', async () => {
    made(await print({ announce }))
    const { rows } = made(await print({ action: 'print-00002' }, { expiry: null, lotNumber: 'b1' }))
    expect(rows[0]?.says).toBe('(01)06901234567892(17)281031(10)b1')
    expect(codeOf(await print({ action: 'print-00003' }, { expiry: '2029-01-01' }))).toBe('catalog.lot-expiry-differs')
  })

  it.each([
    ['an item nobody knows', {}, { item: 'none' }, 'catalog.item-unknown'],
    ['a pack it has not', {}, { pack: 'none' }, 'catalog.pack-unknown'],
    ['a pack without GTIN', {}, { pack: 'bare' }, 'labels.gtin-missing'],
    ['a lot no GS1 label can hold', {}, { lotNumber: '批号1' }, 'codes.character-wrong'],
    ['a lot that is too long for one', {}, { lotNumber: 'X'.repeat(21) }, 'codes.value-too-long'],
    ['a day that is none', {}, { expiry: '2028-02-30' }, 'catalog.expiry-malformed'],
    ['a day of making that is none', {}, { produced: '2025-02-30' }, 'api.request-malformed'],
    ['a pack without local code', { scheme: 'local' }, { pack: 'bare' }, 'labels.code-missing'],
    ['a local code that is a GTIN', { scheme: 'local' }, { pack: 'old' }, 'labels.code-unreadable'],
    ['more than a GS1-128 holds', { symbol: 'code128' }, { lotNumber: 'X'.repeat(20), serial: 'Y'.repeat(12) }, 'labels.symbol-full'],
    ['bars on a small label', { symbol: 'code128', size: '40x30' }, {}, 'labels.symbol-too-large'],
    ['more copies than one act may', {}, { copies: 1_000 }, 'made'],
    ['more tags than one act may', { announce }, { copies: 101 }, 'labels.too-many'],
    ['a tag with a local code', { scheme: 'local', announce }, {}, 'api.request-malformed'],
    ['a tag with a serial of its own', { announce }, { serial: '7' }, 'api.request-malformed'],
    ['a tag of a pack without GTIN', { announce }, { pack: 'bare' }, 'labels.gtin-missing'],
    ['a site nobody knows', { announce: { ...announce, site: 'nowhere' } }, {}, 'catalog.site-unknown'],
  ] as const)('%s', async (_, given, changed, code) => {
    const before = await entries()
    expect(codeOf(await print(given, changed))).toBe(code)
    expect(await entries()).toEqual(before)
  })

  it('1001 of them are too many', async () => expect(codeOf(await print({}, { copies: 1_000 }, {}))).toBe('labels.too-many'))

  it('of an item merged into another is asked for under that one', async () => {
    made(await catalog.mergeRecords({ action: 'merge-00001', of: 'item', id: 'swab', to: 'gauze' }, 'county'))
    expect(codeOf(await print({}, { item: 'swab' }))).toBe('catalog.record-merged')
  })

  it('that is too full is refused, never cut', async () => {
    const packs = [{ gtin: '09521234543213', pack: 'pack', units: 1 }]
    const item = { item: 'long', name: { zh: '长'.repeat(120), en: 'Long' }, model: '长'.repeat(120), unit: name, packs, nearDays: [] }
    made(await catalog.createItem({ action: 'item-000003', ...item }, 'county'))
    expect(codeOf(await print({ form: 'svg', size: '40x30' }, { item: 'long' }))).toBe('labels.text-too-long')
    expect(codeOf(await print({ form: 'svg', size: '100x70' }, { item: 'long' }))).toBe('made')
  })
})

describe('a local label', () => {
  it('holds the local code and nothing else: a node that scans it looks for exactly that', async () => {
    for (const symbol of LABEL_SYMBOLS) {
      const { rows } = made(await print({ scheme: 'local', symbol }))
      expect(rows[0]?.says).toBe('LK-gauze.1')
      expect(rawCodesOf(rows[0]?.says ?? '')[0]).toEqual({ scheme: 'local', code: 'LK-gauze.1' })
    }
  })
  it.each([
    ['LK-1', 'made'],
    ['A/b_7|x', 'made'],
    ['https://id.gs1.org/01/06901234567892', 'labels.code-unreadable'],
    ['3034257BF468D4800000042E', 'labels.code-unreadable'],
    ['6901234567892', 'labels.code-unreadable'],
    ['010690123456789210B1', 'labels.code-unreadable'],
    [']d2LK-1', 'labels.code-unreadable'],
    ['本地1', 'labels.code-unreadable'],
    ['LK 1', 'labels.code-unreadable'],
  ])('of %s: %s', async (code, outcome) => {
    const packs = [{ gtin: null, pack: 'pack', units: 1, codes: [{ scheme: 'local' as const, code }] }]
    const item = { item: 'coded', name, model: '', unit: name, packs, nearDays: [] }
    made(await catalog.createItem({ action: 'item-000005', ...item }, 'county'))
    expect(codeOf(await print({ scheme: 'local' }, { item: 'coded' }))).toBe(outcome)
  })
  it('that is missing is proposed, with the prefix of our own', async () => {
    const answer = await print({ scheme: 'local' }, { pack: 'bare' })
    expect(isRefusal(answer) && answer.facts['proposal']).toBe('LK-gauze.4')
  })
})

describe('announced tags', () => {
  it('are registered in the act that prints them, each with an EPC of its own that its symbol says too', async () => {
    const { rows, files } = made(await print({ announce }, { copies: 2 }, { pack: '箱' }))
    expect(rows.map(({ pack, copies }) => [pack, copies])).toEqual([
      ['pack', 1],
      ['pack', 1],
      ['箱', 1],
    ])
    const epcs = rows.map(({ epc }) => epc ?? '')
    expect(new Set(epcs).size).toBe(3)
    for (const [at, epc] of epcs.entries()) {
      const tag = decodeEpc(bytesOfHex(epc) ?? new Uint8Array())
      const said = identifyBrackets(rows[at]?.says ?? '', { referenceYear: 2026 })
      if (isRefusal(tag) || isRefusal(said)) throw new Error('not read back')
      expect([said.gtin14, said.serial, said.lot, said.expiry]).toEqual([tag.gtin14, tag.serial, 'B1', '2028-10-31'])
      expect(Number(tag.serial)).toBeGreaterThanOrEqual(2 ** 37)
      expect(tag.prefixDigits).toBe(7)
      expect(files[0]?.content).toContain(`^RFW,H,2,12,1^FD${epc}^FS`)
    }
    expect((await registered()).map(({ epc, units, site, doc }) => ({ epc, units, site, doc }))).toEqual(
      epcs.map((epc, at) => ({ epc, units: at === 2 ? 50 : 1, site: 'qinglong', doc: 'DN-1' })).sort((a, b) => (a.epc < b.epc ? -1 : 1)),
    )
  })

  it('are printed again by the same act, in any form, and registered once', async () => {
    const first = made(await print({ announce }, { copies: 3 }))
    const before = await entries()
    const again = made(await print({ announce, form: 'svg', size: '80x50' }, { copies: 3 }))
    expect(again.rows.map(({ epc, says }) => [epc, says])).toEqual(first.rows.map(({ epc, says }) => [epc, says]))
    expect([again.files.length, await entries()]).toEqual([3, before])
    expect(codeOf(await print({ announce }, { copies: 2 }))).toBe('api.action-reused')
    expect(codeOf(await print({ announce }, { copies: 3, lotNumber: 'B2' }))).toBe('api.action-reused')
    expect(codeOf(await print({ announce, action: 'item-000001' }))).toBe('api.action-reused')
    expect(codeOf(await labels.preview(body({ announce }, { copies: 3 }), 'u-other'))).toBe('api.action-reused')
    expect(codeOf(await labels.print(body({ announce }, { copies: 3 }), 'u-other'))).toBe('api.action-reused')
  })

  it('are shown before as they will be', async () => {
    const before = await entries()
    const shown = made(await labels.preview(body({ announce }, { copies: 2 }), 'county'))
    expect(await entries()).toEqual(before)
    expect(made(await print({ announce }, { copies: 2 })).rows.map(({ epc }) => epc)).toEqual(shown.rows.map(({ epc }) => epc))
  })

  it('are listed by the act that printed them, which prints them again from that list and registers nothing', async () => {
    const first = made(
      await print({ announce: { ...announce, epc: 'sgtin+' }, action: 'print-00002' }, { copies: 2 }, { pack: '箱', lotNumber: 'B2' }),
    )
    made(await print({ announce }, { copies: 1 }))
    const { rows } = made(await county.ledger.ask.labelActs({}))
    expect(rows.map(({ action, epc, site, actor }) => [action, epc, site, actor])).toEqual(
      expect.arrayContaining([
        ['print-00001', 'sgtin-96', 'qinglong', 'county'],
        ['print-00002', 'sgtin+', 'qinglong', 'county'],
      ]),
    )
    const act = rows.find(({ action }) => action === 'print-00002')
    expect(act?.labels.map(({ pack, lotNumber, copies }) => [pack, lotNumber, copies])).toEqual([
      ['pack', 'B1', 2],
      ['箱', 'B2', 1],
    ])
    const before = await entries()
    const wishes = (act?.labels ?? []).map(({ itemName: _name, ...label }) => label)
    const again = made(
      await labels.print(
        { ...body({ announce: { ...announce, epc: 'sgtin+' }, form: 'sheet', action: 'print-00002' }), labels: wishes },
        'county',
      ),
    )
    expect([again.rows.map(({ epc }) => epc), await entries()]).toEqual([first.rows.map(({ epc }) => epc), before])
    expect(made(await county.ledger.ask.labelActs({ lot: 'gauze/B2' })).rows.map(({ action }) => action)).toEqual(['print-00002'])
    expect(made(await county.ledger.ask.labelActs({ limit: 1 })).next).not.toBeNull()
    expect(codeOf(await county.ledger.ask.labelActs({ cursor: 'x' }))).toBe('api.request-malformed')
  })

  it('may be SGTIN+: the serial says so by a letter, and the chip is told how long it is', async () => {
    const { rows, files } = made(await print({ announce: { ...announce, epc: 'sgtin+' } }))
    const epc = rows[0]?.epc ?? ''
    const tag = decodeEpc(bytesOfHex(epc) ?? new Uint8Array())
    expect(tag).toMatchObject({ scheme: 'SGTIN+', gtin14: '06901234567892', serial: expect.stringMatching(/^C[0-9A-F]{11}$/) })
    expect(epc).toHaveLength(32)
    expect(files[0]?.content).toContain(`^RFW,H,1,18,1^FD4000${epc}^FS`)
  })

  it('for stock that stands there announce nothing, are shown as printed and say who registers them', async () => {
    const before = await entries()
    const asked = { numbered: { prefixDigits: 7 }, form: 'sheet' as const }
    const { rows } = made(await print(asked, { copies: 2 }))
    expect([new Set(rows.map(({ epc }) => epc)).size, await entries()]).toEqual([2, before])
    expect(rows[0]?.notes.map(({ code }) => code)).toEqual(['labels.tag-not-registered', 'labels.tag-not-written'])
    expect(made(await labels.preview(body(asked, { copies: 2 }), 'county')).rows.map(({ epc }) => epc)).toEqual(rows.map(({ epc }) => epc))
    expect(codeOf(await print({ ...asked, announce }))).toBe('api.request-malformed')
    expect(codeOf(await print({ ...asked, scheme: 'local' }))).toBe('api.request-malformed')
  })

  it('never get a serial that is registered: the next is taken', async () => {
    const { ask } = county.ledger
    const wanted = { gtins: ['06901234567892', '06901234567892'], prefixDigits: 7 }
    const free = made(await assignTags(ask, 'print-00009', wanted))
    const [taken] = free
    const tag = { epc: taken?.hex ?? '', item: 'gauze', lotNumber: 'X', expiry: null, pack: 'pack' }
    made(await catalog.registerTags({ action: 'tags-000001', site: 'qinglong', doc: null, tags: [tag] }, 'county'))
    const [next, other] = made(await assignTags(ask, 'print-00009', wanted))
    expect([next?.hex === taken?.hex, other]).toEqual([false, free[1]])
    expect(codeOf(await assignTags(ask, 'print-00009', { gtins: wanted.gtins, prefixDigits: 5 }))).toBe('epc.field-wrong')
  })
})

describe('what a person is told', () => {
  const told = async (given: Partial<Body>) =>
    made(await labels.preview(body(given, { produced: '2025-10-31', lotNumber: 'B123456789' }), 'county')).rows[0]?.notes.map(
      ({ code }) => code,
    )
  it.each([
    [{ form: 'svg' }, []],
    [{ form: 'zpl' }, ['labels.text-left-out']],
    [{ form: 'sheet', symbol: 'qr' }, []],
    [{ form: 'svg', announce }, ['labels.tag-not-written']],
    [{ form: 'zpl', announce }, ['labels.text-left-out']],
    [{ form: 'svg', size: '40x30', symbol: 'qr' }, ['labels.text-shrunk']],
  ] as const)('of %j: %j', async (given, notes) => expect(await told(given)).toEqual(notes))

  it('what was left out, in both languages', async () => {
    const { rows } = made(await labels.preview(body(), 'county'))
    expect(rows[0]?.notes[0]).toMatchObject({ zh: expect.stringContaining(name.zh), en: expect.stringContaining(name.zh) })
    expect(rows[0]?.svg).not.toMatch(/[\u4e00-\u9fff]/)
    expect(made(await labels.preview(body({ form: 'sheet' }), 'county')).rows[0]?.svg).toContain(name.zh)
  })

  it('the forms, sizes and symbols there are', async () => {
    const { forms, sizes, dpis, symbols } = labels.forms()
    expect(forms.map(({ form }) => form)).toEqual(Object.keys(LABEL_FORMS))
    expect(sizes.map(({ size }) => size)).toEqual(Object.keys(LABEL_SIZES))
    expect([dpis, symbols.length]).toEqual([[203, 300], 6])
  })
})

it('every form is written, and told what it is', async () => {
  const endings = { svg: '<svg', sheet: '<!doctype', png: '\x89PNG', pdf: '%PDF', zpl: '^XA', tspl: 'SIZE' } as const
  for (const form of Object.keys(endings) as (keyof typeof endings)[]) {
    const { files, encoding, type } = made(await print({ form }, { copies: 2 }, { pack: '箱' }))
    expect([files.length, type]).toEqual([form === 'svg' || form === 'png' ? 2 : 1, LABEL_FORMS[form].type])
    for (const { content } of files) expect(Buffer.from(content, encoding).toString('latin1').startsWith(endings[form]), form).toBe(true)
  }
})

it('SQL, HTML and printer commands in every text stay texts', async () => {
  const evil = `'); drop table tag;-- <img src=x onerror=alert(1)> ^XZ~JR \r\nPRINT 9`
  const packs = [{ gtin: '09521234543213', pack: evil.slice(0, 60), units: 1 }]
  const item = { item: 'evil', name: { zh: evil, en: evil }, model: evil, unit: { zh: evil, en: evil }, packs, nearDays: [] }
  made(await catalog.createItem({ action: 'item-000004', ...item }, 'county'))
  for (const form of ['svg', 'zpl', 'tspl', 'sheet'] as const) {
    const { files, encoding } = made(await print({ form, size: '100x70' }, { item: 'evil', pack: evil.slice(0, 60) }))
    const text = Buffer.from(files[0]?.content ?? '', encoding).toString('latin1')
    expect(text).not.toMatch(form === 'svg' || form === 'sheet' ? /<img|<script/ : /\^XZ~|PRINT 9/)
  }
})
