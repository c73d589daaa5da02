import { newAction } from '@lotkeeper/deploy/county/client.ts'
import type { County } from '@lotkeeper/deploy/county/county.ts'
import { expect } from 'vitest'
import { announce, book, inDays, newBox, untilStands } from '../../acts.ts'
import { DESK, openBrowser, type Page, TELEPHONE, takeScreenshot } from '../../browser.ts'
import { countyTest, until } from '../../county.ts'
import { complaintsOf, foreignTexts, signInCounty, signInStockroom, tooWide } from '../pages.ts'

/** A county where every page has something to show: stock that is good, near its end and past it, goods on the way, a discrepancy, alarms, a task. */
const test = countyTest({ nodes: ['qinglong', 'baisha'] })
  .extend('browser', { scope: 'file' }, async ({ settings: _ }, { onCleanup }) => {
    const browser = await openBrowser()
    onCleanup(() => browser[Symbol.asyncDispose]())
    return browser
  })
  .extend('furnished', { scope: 'file' }, async ({ county }) => {
    const client = await county.township('qinglong').client()
    await announce(county, 'qinglong', [newBox('glove-m', 'ST2611', inDays(900))], 'ASN-12')
    const twice = { item: 'gauze-10x10', lotNumber: 'SB2612' }
    const lots = [
      { item: 'gauze-10x10', lotNumber: 'SB2611', expiry: inDays(640) },
      { item: 'infusion-set', lotNumber: 'SY2611', expiry: inDays(8) },
      { item: 'mask-surgical', lotNumber: 'KZ2409', expiry: inDays(-3), override: { rule: 'rules.lot-expired', reason: '待退货' } },
    ]
    for (const lot of lots) await book(client, 'receive', { ...lot, room: 'main', quantity: 2, pack: '盒', accept: true })
    // One lot from two trucks, with another day on each label.
    for (const expiry of [inDays(640), inDays(610)])
      await book(client, 'receive', { ...twice, expiry, room: 'main', quantity: 1, pack: '片', accept: true, anotherBox: true })
    await book(client, 'issue', { lot: 'infusion-set/SY2611', room: 'main', quantity: 60, pack: '套', moreThanBook: true })
    await untilStands(county, 'qinglong', {
      ...{ 'main/available gauze-10x10/SB2611': 200, 'main/available gauze-10x10/SB2612': 2, 'main/available mask-surgical/KZ2409': 100 },
    })
    await live(county)
    await furnishCatalogue(county)
    await furnishImports(county)
    return county
  })

const COUNTY_PAGES = [
  ...['board', 'stock', 'expiring', 'lot?lot=gauze-10x10%2FSB2611', 'movements', 'as-of', 'despatches', 'counts', 'discrepancies'],
  ...['labels', 'labels?item=gauze-10x10', 'labels?place=qinglong%2Fmain%2Favailable', 'tags?epc=F7006901234567892280C0FFEE123456'],
  ...[
    'tags',
    'items',
    'nodes',
    'node-certificates',
    'asides',
    'items?item=gauze-10x10',
    'items?item=%2B',
    'parties',
    'parties?id=huimin',
    'certificates',
  ],
  ...['openings', 'openings?state=refused'],
  ...[
    'certificates?id=reg-gauze',
    'permits',
    'places',
    'places?id=main-door',
    'places?rooms=qinglong',
    'desk',
    'desk?kind=lot',
    'desk?state=confirmed',
    'desk?state=redirected&kind=tag',
    'cost-centres',
    'reference',
    'audit',
  ],
  ...['imports', 'imports/1', 'imports/1?outcome=error', 'imports/2'],
  ...['users', 'users?tab=roles', 'users?id=county', 'users?id=%2B', 'sessions', 'machines'],
]
const STOCKROOM_SCREENS = [
  ...['home', 'receive', 'issue', 'stock', 'tasks', 'alarms', 'movements', 'devices'],
  ...['more', 'expected', 'count', 'ship', 'move', 'transform', 'scrap', 'tags', 'look'],
]
/** What waits at the desk then: an item, its tag, and four lots that were written by hand. */
const STRANGERS = 6
/** A label stuck on what stands on the shelf. */
const LABEL = 'F7006901234567892280C0FFEE123456'
/** One of each rarer act, and one thing the county asks for: every page of them has a row. */
const live = async (county: County): Promise<void> => {
  const hub = await county.hubClient()
  const node = await county.township('qinglong').client()
  const gauze = { lot: 'gauze-10x10/SB2611', place: 'qinglong/main/available' }
  await node.get('count', { action: newAction(), ...gauze, counted: 199, book: 200, reason: '领用漏记' })
  const made = { item: 'gauze-10x10', lotNumber: 'SB2611-A', expiry: inDays(640), units: 40 }
  await node.get('transform', { action: newAction(), act: 'split', room: 'main', from: [{ lot: gauze.lot, units: 40 }], to: [made] })
  await node.get('retag', { action: newAction(), from: null, to: LABEL, ...gauze, pack: '盒', reason: '期初补贴' })
  const lines = [{ lot: gauze.lot, quantity: 20, pack: '片' }]
  await node.get('ship', { action: newAction(), to: 'baisha', room: 'main', lines })
  const strange = {
    name: '一次性使用输液器（带针）',
    model: '0.7mm',
    unit: '套',
    pack: { pack: '盒', units: 25 },
    scan: '(01)06901234560015',
  }
  const { item } = await node.get('provisional', { action: newAction(), ...strange })
  const box = { item: item.item, lotNumber: 'W2611', expiry: inDays(300), room: 'main', quantity: 1, pack: '盒', accept: true }
  await book(node, 'receive', { ...box, tags: ['30699B587B8716400012D687'] })
  await hub.get('askNode', { action: newAction(), what: 'count', ...gauze, reason: '季度抽盘' })
  await until(
    'the county to have the despatch and what is strange, and the node what it is asked',
    async () => [
      (await hub.get('documents', {})).rows.length,
      (await node.get('tasks')).rows.length,
      (await hub.get('provisionals', {})).open,
    ],
    ([documents, tasks, strangers]) => documents === 1 && tasks === 1 && strangers === STRANGERS,
  )
  // What an old system left: a lot that stands there already, and one past its day.
  const old = [
    { ...gauze, expiry: inDays(640), units: 60 },
    { lot: 'mask-surgical/KZ2301', place: gauze.place, expiry: inDays(-90), units: 40 },
  ]
  await hub.get('tellOpening', { action: newAction(), site: 'qinglong', doc: 'QC-2026-001', lines: old })
  await until(
    'the node to be told of the old stock',
    () => node.get('tasks'),
    ({ rows }) => rows.length === 2,
  )
}

/** What the catalogue knows of a thing, of who makes and sells it, and of the door it comes through: permits that ended, end soon and do not end. */
const furnishCatalogue = async (county: County): Promise<void> => {
  const hub = await county.hubClient()
  const act = () => ({ action: newAction() })
  const name = (zh: string) => ({ name: { zh, en: '' } })
  const licence = { kind: 'distribution' as const, number: '鄂械经营许20210088', from: inDays(-900) }
  const seller = { id: 'huimin', ...name('江城惠民医疗器械有限公司'), roles: ['supplier' as const, 'manufacturer' as const] }
  await hub.get('saveParty', { ...act(), ...seller, licences: [{ ...licence, until: inDays(5) }] })
  const paper = { id: 'reg-gauze', number: '国械注准20182140021', holder: 'huimin', issued: inDays(-1800) }
  await hub.get('saveCertificate', { ...act(), ...paper, until: inDays(-4) })
  await hub.get('saveCertificate', { ...act(), id: 'filing', number: '鄂汉械备20210077', issued: inDays(-900), until: null })
  const { version, ...gauze } = (await hub.get('item', { item: 'gauze-10x10' })).record
  const more = { class: 'II' as const, certificate: 'reg-gauze', manufacturer: 'huimin', knownVersion: version }
  await hub.get('createItem', { ...act(), ...gauze, ...more })
  await hub.get('savePortal', { ...act(), id: 'main-door', site: 'qinglong', ...name('库房大门'), inside: 'main', outside: null })
  await hub.get('saveCostCentre', { ...act(), id: 'clinic', ...name('青龙治疗室'), site: 'qinglong', room: 'clinic' })
}

/** A table that asks, refuses and changes; and one that was no table. */
const furnishImports = async (county: County): Promise<void> => {
  const hub = await county.hubClient()
  const items =
    '编号,名称,型号,基本单位,无菌,柜号\ngauze-10x10,医用脱脂纱布块,大号,片,是,A1\n,一次性使用注射器,5 mL,支,,\n,导尿管,F16,根,也许,\n'
  for (const [at, table] of [items, '名称\n没有单位\n'].entries()) {
    const headers = { cookie: hub.cookie(), 'content-type': 'text/csv' }
    await fetch(new URL(`/api/table-imports?kind=items&name=old-${at}.csv`, hub.base), { method: 'POST', headers, body: table })
    await until(
      'the table to be read',
      () => hub.get('tableImport', { import: at + 1 }),
      ({ state }) => state !== 'reading',
    )
  }
}

/** Words of no language: the product's name, names of modules and of standards, and what stands on labels in both. */
const NO_LANGUAGE = /Lotkeeper|lotkeeper\/|SGTIN|GS1|BB7E|bb7e|批号 LOT /

/** Looks at pages one after another; answers what is wrong with each. */
const look = async (page: Page, kind: 'county' | 'stockroom', names: readonly string[], width: number): Promise<readonly string[]> => {
  const wrong: string[] = []
  for (const name of names) {
    await page.evaluate((hash) => {
      window.location.hash = hash
    }, `/${name}`)
    const shown = `${kind} ${name} at ${width} px`
    await until(
      `${shown} to be there`,
      () =>
        page.evaluate(() => [document.querySelectorAll('[class*=skeleton], .waiting').length, document.querySelectorAll('main').length]),
      ([waiting, mains]) => waiting === 0 && mains === 1,
    )
    await takeScreenshot(page, `${kind}-${name.replace(/[^a-z0-9]+/gi, '-')}-${width}`)
    const flaws = () => flawsOf(page, shown)
    wrong.push(...(await until(`${shown} to be well`, flaws, ({ length }) => length === 0, { withinMs: 10_000 }).catch(flaws)))
  }
  return wrong
}
const flawsOf = async (page: Page, shown: string): Promise<readonly string[]> => [
  ...(await tooWide(page)).map((wide) => `${shown} is too wide: ${wide}`),
  ...(await foreignTexts(page)).flatMap((text) => (NO_LANGUAGE.test(text) ? [] : [`${shown} says ${text}`])),
  ...(/[\u4e00-\u9fff]{4}/.test((await page.locator('main').textContent()) ?? '') ? [] : [`${shown} says nothing in Chinese`]),
]

test.for([TELEPHONE, DESK])('every page of the county at %o', { timeout: 480_000 }, async (size, { browser, furnished: county }) => {
  const page = await browser.openPage(size)
  const complaints = complaintsOf(page)
  await signInCounty(page, county.dashboard(), county.login)
  const wrong = await look(page, 'county', COUNTY_PAGES, size.width)
  expect(wrong).toEqual([])
  expect(complaints()).toEqual([])
})

test.for([TELEPHONE, DESK])('every screen of the stockroom at %o', { timeout: 480_000 }, async (size, { browser, furnished: county }) => {
  const page = await browser.openPage(size)
  const complaints = complaintsOf(page)
  await signInStockroom(page, county.township('qinglong').page(), '2580')
  const wrong = await look(page, 'stockroom', STOCKROOM_SCREENS, size.width)
  expect(wrong).toEqual([])
  expect(complaints()).toEqual([])
})

test('a page that is too wide, says English or complains is found', async ({ browser, furnished: county }) => {
  const page = await browser.openPage(TELEPHONE)
  const complaints = complaintsOf(page)
  await signInCounty(page, county.dashboard(), county.login)
  await page.getByTestId('language').click()
  await until(
    'the page to speak English',
    () => foreignTexts(page),
    ({ length }) => length > 0,
  )
  await page.evaluate(() => {
    const wide = document.createElement('div')
    wide.style.width = '500px'
    document.querySelector('main')?.append(wide)
    console.error('a complaint')
  })
  await expect.poll(() => tooWide(page)).not.toEqual([])
  expect(complaints()).toEqual([expect.stringContaining('a complaint')])
})
