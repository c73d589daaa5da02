import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verifyFile } from '@lotkeeper/deploy/verbs/verify-file.ts'
import { type ServedHub, serveHub } from '@lotkeeper/hub/api/fixtures/served.ts'
import { openCatalog } from '@lotkeeper/hub/catalog/catalog.ts'
import type { HubLedger } from '@lotkeeper/hub/ledger/contract.ts'
import type { HubBody } from '@lotkeeper/protocol/api/hub.ts'
import { isRefusal, type Refusal } from '@lotkeeper/protocol/refusals.ts'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { writeHub } from '../ledgers.ts'

const made = <View>(answer: View | Refusal): View => {
  if (isRefusal(answer)) throw new Error(`${answer.code} ${answer.en}`)
  return answer
}
let acts = 0
const action = () => {
  acts += 1
  return `catalogue-${acts}`
}

describe('the county catalogue in a file', () => {
  let home = ''
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'hub-catalogue-'))
  })
  afterEach(() => rmSync(home, { recursive: true }))

  const item = (id: string, given: Partial<HubBody<'createItem'>> = {}): HubBody<'createItem'> => ({
    ...{ action: action(), item: id, name: { zh: '纱布', en: 'Gauze' }, model: '', unit: { zh: '包', en: 'pack' } },
    ...{ packs: [], nearDays: [180] },
    ...given,
  })
  /** Everything that can be asked of it. */
  const asked = async ({ ask }: HubLedger) => ({
    ...{ items: await ask.items({}), parties: await ask.parties({}), certificates: await ask.certificates({}) },
    ...{ portals: await ask.portals({}), costCentres: await ask.costCentres({}), permits: await ask.permits({}) },
    ...{ a: await ask.item({ item: 'a' }), b: await ask.item({ item: 'b' }), maker: await ask.party({ id: 'maker' }) },
    ...{ cert: await ask.certificate({ id: 'cert' }), door: await ask.portal({ id: 'door' }), cc: await ask.costCentre({ id: 'cc' }) },
    stock: await ask.stock({}),
  })

  test('is its history folded: anew from the log it is the same, and a re-check of the file finds nothing wrong', async () => {
    const { file, ledger } = await writeHub(home)
    const catalog = openCatalog(ledger)
    const rooms = [{ room: 'main', name: { zh: '库房', en: '' }, use: 'store' as const }]
    const name = { zh: '名称', en: '' }
    made(await catalog.createSite({ action: action(), site: 'qinglong', name, zone: 'Asia/Shanghai', rooms }, 'county'))
    const licences = [{ kind: 'business' as const, number: '1', from: null, until: '2020-01-01' }]
    made(await catalog.saveParty({ action: action(), id: 'maker', name, roles: ['manufacturer'], licences }, 'county'))
    made(
      await catalog.saveCertificate(
        { action: action(), id: 'cert', number: '国械注准1', issued: null, until: null, holder: 'maker' },
        'county',
      ),
    )
    made(await catalog.savePortal({ action: action(), id: 'door', site: 'qinglong', name, inside: 'main', outside: null }, 'county'))
    made(await catalog.saveCostCentre({ action: action(), id: 'cc', name, site: 'qinglong' }, 'county'))
    made(await catalog.createItem(item('a', { certificate: 'cert', manufacturer: 'maker' }), 'county'))
    made(await catalog.createItem(item('b', { packs: [{ gtin: '06901234567892', pack: 'case', units: 50 }] }), 'county'))
    made(await catalog.createItem(item('b', { model: 'new', from: '2099-01-01', knownVersion: 1 }), 'keeper-2'))
    made(await catalog.mergeRecords({ action: action(), of: 'item', id: 'a', to: 'b' }, 'county'))
    const told = await asked(ledger)
    expect(told).toMatchObject({
      items: { rows: [{ item: 'b', version: 1 }] },
      a: { asked: 'a', record: { item: 'b' }, latest: 2, merges: [{ id: 'a', to: 'b', version: 1, actor: 'county' }] },
      permits: { rows: [{ is: 'licence', number: '1', itemsInAll: 0 }] },
    })
    expect(await ledger.audit()).toEqual([])
    await ledger.rebuild()
    expect(await asked(ledger)).toEqual(told)

    made(await catalog.mergeRecords({ action: action(), of: 'item', id: 'a', to: null }, 'county'))
    expect(await ledger.ask.item({ item: 'a' })).toMatchObject({
      record: { item: 'a', certificate: 'cert' },
      manufacturer: { record: { id: 'maker' } },
    })
    expect(await ledger.audit()).toEqual([])
    await ledger.close()
    const verdict = verifyFile(file)
    expect('verdict' in verdict ? verdict.verdict.findings : verdict).toEqual([])
  })
})

describe('texts that mean something to a machine', () => {
  let hub: ServedHub
  beforeAll(async () => {
    hub = await serveHub()
  })
  afterAll(() => hub.close())

  const HOSTILE = [
    `'); drop table master_version; --`,
    `" or 1=1 --`,
    `<script>alert('x')</script><img src=x onerror=alert(1)>`,
    '=HYPERLINK("http://evil","x")',
    '{{7*7}} #{7*7} %00 %s \\u0000',
    'a\u0000b\u0007c\u202ed',
    '𠮷 é e\u0301 ｶ',
  ]
  const bodies = (text: string): readonly (readonly [string, string, Readonly<Record<string, unknown>>])[] => {
    const name = { zh: text, en: text }
    return [
      [
        '/api/parties',
        '/api/party?id=p',
        { id: 'p', name, roles: ['supplier'], contact: text, licences: [{ kind: 'business', number: text, from: null, until: null }] },
      ],
      ['/api/device-certificates', '/api/device-certificate?id=c', { id: 'c', number: text, issued: null, until: null }],
      ['/api/portals', '/api/portal?id=d', { id: 'd', site: 'qinglong', name, inside: 'main', outside: null }],
      ['/api/cost-centres', '/api/cost-centre?id=cc', { id: 'cc', name }],
      [
        '/api/items',
        '/api/item?item=i',
        {
          ...{ item: 'i', name, model: text, specification: text, unit: name, nearDays: [] },
          packs: [{ pack: text, units: 1, gtin: null, codes: [{ scheme: 'local', code: text }] }],
          storage: [{ what: text.slice(0, 40), min: null, max: '1', unit: text.slice(0, 16) }],
        },
      ],
    ]
  }

  test('are kept to the letter in every field, found again, and do nothing', async () => {
    const rooms = [{ room: 'main', name: { zh: HOSTILE[0], en: HOSTILE[2] }, use: 'store' }]
    const site = { action: action(), site: 'qinglong', name: { zh: HOSTILE[2], en: '' }, zone: 'Asia/Shanghai', rooms }
    expect((await hub.ask('POST', '/api/sites', { body: site })).status).toBe(200)
    for (const [version, text] of HOSTILE.entries())
      for (const [path, one, body] of bodies(text)) {
        const known = version === 0 ? {} : { knownVersion: version }
        const saved = await hub.ask('POST', path, { body: { ...body, action: action(), ...known } })
        expect({ path, status: saved.status, body: saved.body }).toMatchObject({ status: 200, body: { ...body, version: version + 1 } })
        const shown = await hub.ask('GET', one)
        expect(shown.body).toMatchObject({ record: body, latest: version + 1 })
        expect([shown.headers.get('content-type'), shown.headers.get('x-content-type-options')]).toEqual([
          'application/json; charset=utf-8',
          'nosniff',
        ])
        if (path === '/api/portals') continue
        const found = await hub.ask('GET', `${path}?search=${encodeURIComponent(text)}`)
        expect({ path, text, rows: found.body['rows'] }).toMatchObject({ rows: [body] })
      }
    expect(await hub.ledger.audit()).toEqual([])
  })

  test('with half a character are refused, where it stands', async () => {
    for (const [path, , body] of bodies('a\ud800b')) {
      const told = await hub.ask('POST', path, { body: { ...body, action: action() } })
      expect([told.status, told.body['code']]).toEqual([400, 'api.request-malformed'])
    }
    expect(hub.noted).toEqual([])
  })
})
