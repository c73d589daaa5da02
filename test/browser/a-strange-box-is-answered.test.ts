import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { book, inDays, standingAtNode } from '../acts.ts'
import { openBrowser, type Page, TELEPHONE, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInCounty, signInStockroom, tooWide, touchAway, untilField, untilSays } from './pages.ts'

/** What a keeper meets while the line is down: what the catalogue has under another name, what it has not, what fits nowhere; and a tag of the first. */
const STRANGE = [
  { name: '一次性无菌注射器', model: '5mL', unit: '支', pack: { pack: '盒', units: 50 }, scan: '(01)06901234560015', lotNumber: 'W1' },
  { name: '一次性导尿管', unit: '支', pack: { pack: '盒', units: 20 }, scan: '(01)06901234560022', lotNumber: 'W2' },
  { name: '看不清的盒子', unit: '个', lotNumber: 'W3' },
  { name: '止血棉', unit: '包', lotNumber: 'W4' },
] as const
const LOTS = ['BD2611', '8D2611'] as const
/** Those, their lots, and one tag. */
const MET = STRANGE.length + LOTS.length + 1
const EPC = '30699B587B8716400012D687'

/** One clerk at the county's desk and the node that met them, from the first test to the last. */
const test = countyTest({ nodes: ['qinglong'] }).extend('desk', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const node = await county.township('qinglong').client()
  await county.hub().stop()
  for (const { lotNumber, ...strange } of STRANGE) {
    const { item } = await node.get('provisional', { action: newAction(), ...strange })
    const pack = item.packs[0]?.pack ?? ''
    const box = { item: item.item, lotNumber, expiry: inDays(400), room: 'main', quantity: 1, pack, accept: true }
    await book(node, 'receive', lotNumber === 'W1' ? { ...box, tags: [EPC] } : box)
  }
  // Two boxes of one lot, and once a B was read as an 8.
  for (const lotNumber of LOTS) {
    const box = { item: 'bandage-6x500', lotNumber, expiry: inDays(400), room: 'main', quantity: 1, pack: '卷', accept: true }
    await book(node, 'receive', box)
  }
  await county.startHub()
  const hub = await county.hubClient()
  await until(
    'the county to have heard of all of it',
    () => hub.get('provisionals', {}),
    ({ open }) => open === MET,
    { withinMs: 60_000 },
  )
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const page = await browser.openPage()
  const complaints = complaintsOf(page)
  await signInCounty(page, county.dashboard(), county.login)
  return { page, complaints, hub, node, browser, before: await standingAtNode(node) }
})

const go = (page: Page, hash: string): Promise<unknown> =>
  page.evaluate((to) => {
    window.location.hash = to
  }, `/${hash}`)
const chosen = async (page: Page) => (await page.getByTestId('desk-detail').locator('h2').textContent()) ?? ''
/** Goes down the list with the arrow until that one is opened. */
const goTo = (page: Page, name: string) =>
  until(
    `${name} to be opened`,
    async () => {
      if ((await chosen(page)) !== name) await page.keyboard.press('ArrowDown')
      return chosen(page)
    },
    (seen) => seen === name,
  )
const shownAtNode = (page: Page, words: string) => untilSays(page, 'made-here', words)

test('the menu says how many wait; each is told with what was seen, what it may be, and how sure that is', async ({ desk: { page } }) => {
  await expect.poll(() => page.getByTestId('menu-desk').locator('.count').textContent()).toBe(`${MET}`)
  await go(page, 'desk')
  await page.getByTestId('desk-detail').waitFor()
  await expect.poll(() => page.getByTestId('desk-line').count()).toBe(MET)
  await page.getByTestId('desk-line').filter({ hasText: '5mL' }).click()
  await untilSays(page, 'desk-seen', '(01)06901234560015')
  await untilSays(page, 'desk-lots', 'W1')
  await untilSays(page, 'candidate', '一次性使用无菌注射器')
  expect(Number(await page.getByTestId('candidate').first().getAttribute('data-score'))).toBeGreaterThan(60)
  await takeScreenshot(page, 'a-strange-box-at-the-desk')
})

test('by the keys alone: a figure takes the candidate, Enter says it is that; the keeper is told', async ({
  desk: { page, hub, node },
}) => {
  await page.keyboard.press('1')
  await untilSays(page, 'desk-beside', '一次性使用无菌注射器')
  await takeScreenshot(page, 'a-strange-box-is-another')
  await page.keyboard.press('Enter')
  await page.getByTestId('desk-redirect-send').waitFor({ state: 'detached' })
  const { rows } = await until(
    'the county to have answered',
    () => hub.get('provisionals', { state: 'redirected' }),
    (answer) => answer.rows.length === 1,
  )
  expect(rows[0]).toMatchObject({ now: { item: 'syringe-5ml' }, settled: { to: 'syringe-5ml', reason: null, actor: 'county' } })
  await until(
    'the keeper to be told',
    () => node.get('provisionals'),
    (answer) => answer.rows.some(({ state, now }) => state === 'redirected' && now.item === 'syringe-5ml'),
  )
})

test('its tag, which waited for that, is confirmed', async ({ desk: { page, hub } }) => {
  await page.getByTestId('desk-line').filter({ hasText: '标签' }).click()
  await untilSays(page, 'desk-seen', EPC)
  await page.keyboard.press('c')
  await page.getByTestId('desk-send').click()
  const { rows } = await until(
    'the tag to be registered',
    () => hub.get('tags', {}),
    (answer) => answer.rows.length === 1,
  )
  expect(rows).toMatchObject([{ epc: EPC, lotNumber: 'W1', units: 50 }])
})

test('a new thing is confirmed in the form of its record, begun from what the keeper wrote; typed text is not lost by a slip', async ({
  desk: { page, hub },
}) => {
  await page.getByTestId('desk-line').filter({ hasText: '一次性导尿管' }).click()
  await untilSays(page, 'desk-detail', '一次性导尿管')
  await page.keyboard.press('C')
  const name = page.getByTestId('name-field')
  await expect.poll(() => name.inputValue()).toBe('一次性导尿管')
  await name.fill('一次性使用无菌导尿管')
  await page.keyboard.press('Escape')
  await page.getByTestId('draft-stay').waitFor()
  await touchAway(page.getByTestId('draft-stay'))
  await expect.poll(() => name.inputValue()).toBe('一次性使用无菌导尿管')
  await takeScreenshot(page, 'a-strange-box-is-new')
  await page.getByTestId('record-save').click()
  await page.getByTestId('record-save').waitFor({ state: 'detached' })
  const { rows } = await until(
    'the item to be there',
    () => hub.get('items', { search: '无菌导尿管' }),
    (answer) => answer.rows.length === 1,
  )
  expect(rows[0]).toMatchObject({ name: { zh: '一次性使用无菌导尿管' }, unit: { zh: '支' }, version: 1 })
  expect(rows[0]?.packs).toContainEqual({ pack: '盒', units: 20, gtin: '06901234560022' })
})

test('what fits nowhere is a conflict with its reason, and a discrepancy that leads back here', async ({ desk: { page, hub } }) => {
  await page.getByTestId('desk-line').filter({ hasText: '看不清的盒子' }).click()
  await untilSays(page, 'desk-detail', '看不清的盒子')
  await page.keyboard.press('k')
  await page.getByTestId('desk-send').click()
  await untilSays(page, 'desk-detail', '看不清的盒子')
  await expect.poll(async () => (await hub.get('provisionals', { state: 'conflict' })).rows).toEqual([])
  await page.getByTestId('desk-reason').fill('标签看不清，问站点')
  await page.keyboard.press('Enter')
  await page.getByTestId('desk-send').waitFor({ state: 'detached' })
  await until(
    'the conflict',
    () => hub.get('discrepancies', {}),
    (answer) => answer.rows.some(({ kind, closedAt }) => kind === 'provisional-conflict' && closedAt === null),
  )
  await go(page, 'discrepancies')
  await page.locator('[data-kind="provisional-conflict"] a').click()
  await untilSays(page, 'desk-settled', '标签看不清，问站点')
})

test('a lot written wrongly is led to the right one by a figure; each is found from the other', async ({ desk: { page, hub, node } }) => {
  await go(page, 'desk?kind=lot')
  await page.getByTestId('desk-line').filter({ hasText: '8D2611' }).click()
  await untilSays(page, 'candidate', 'BD2611')
  await takeScreenshot(page, 'a-lot-at-the-desk')
  await page.keyboard.press('1')
  // A hand that knows the way does not wait for the paper to lie still.
  await page.getByTestId('desk-redirect-send').waitFor()
  await page.keyboard.press('Enter')
  await page.getByTestId('desk-redirect-send').waitFor({ state: 'detached' })
  // The list goes on with what waits.
  await untilSays(page, 'desk-seen', 'BD2611')
  await page.keyboard.press('c')
  await page.getByTestId('desk-send').click()
  await page.getByTestId('desk-send').waitFor({ state: 'detached' })
  await expect
    .poll(async () => (await hub.get('provisionals', { kind: 'lot' })).counts)
    .toEqual({ open: 0, confirmed: 1, redirected: 1, conflict: 0 })
  await go(page, 'desk?kind=lot&state=redirected')
  await untilSays(page, 'desk-settled', 'BD2611')
  await page.getByTestId('desk-anew-confirm').waitFor()
  await takeScreenshot(page, 'a-lot-was-another')
  await page.getByTestId('desk-settled').locator('.lot-link').click()
  await untilSays(page, 'lot-same', '8D2611')
  await takeScreenshot(page, 'a-lot-with-another-number')
  await page.getByTestId('lot-same').locator('.lot-link').click()
  await untilSays(page, 'lot-same', '其实是')
  await until(
    'the keeper to be told',
    () => node.get('provisionals'),
    ({ lots }) =>
      lots.map(({ lotNumber, state, now }) => `${lotNumber} ${state} ${now}`).join() === '8D2611 redirected BD2611,BD2611 confirmed BD2611',
  )
})

test('redirected by the find box, by pinyin, and taken back: it waits again, and nothing that was booked has changed', async ({ desk }) => {
  const { page, hub, node, before } = desk
  await go(page, 'desk')
  await goTo(page, '止血棉')
  await page.keyboard.press('r')
  await untilField(page)
  await page.keyboard.type('yymq')
  await page.locator('.ant-select-item-option').filter({ hasText: '医用棉签' }).click()
  await untilSays(page, 'desk-beside', '医用棉签')
  await page.getByTestId('desk-reason').fill('同一种')
  await page.keyboard.press('Enter')
  await page.getByTestId('desk-redirect-send').waitFor({ state: 'detached' })
  await go(page, 'desk?state=redirected')
  await page.getByTestId('desk-line').filter({ hasText: '止血棉' }).click()
  await untilSays(page, 'desk-settled', '同一种')
  await page.getByTestId('desk-take-back').click()
  await page.getByTestId('desk-take-back-send').click()
  const { rows } = await until(
    'it to wait again',
    () => hub.get('provisionals', { state: 'open' }),
    (answer) => answer.rows.length === 1,
  )
  expect(rows[0]?.met).toMatchObject({ name: { zh: '止血棉' } })
  await until(
    'the keeper to be told that it waits',
    () => node.get('provisionals'),
    (answer) => answer.rows.some(({ name, state }) => name.zh === '止血棉' && state === 'waiting'),
  )
  await expect.poll(() => standingAtNode(node)).toEqual(before)
})

test('the keeper sees each outcome where the box was received', async ({ county, desk: { browser } }) => {
  const page = await browser.openPage(TELEPHONE)
  await signInStockroom(page, county.township('qinglong').page(), '2580')
  await go(page, 'receive')
  await shownAtNode(page, '县里认定就是：一次性使用无菌注射器')
  await shownAtNode(page, '县里已确认：一次性使用无菌导尿管')
  await shownAtNode(page, '县里认为有冲突')
  await shownAtNode(page, '等县里确认')
  await shownAtNode(page, '8D2611 · 县里认定就是批号 BD2611')
  await shownAtNode(page, '标签 一次性使用无菌注射器 W1 · 县里已确认')
  await page.getByTestId('made-here').scrollIntoViewIfNeeded()
  await takeScreenshot(page, 'a-keeper-sees-the-answers')
})

test('on a telephone the list and what is opened stand one after the other', async ({ county, desk: { browser } }) => {
  const page = await browser.openPage(TELEPHONE)
  await signInCounty(page, county.dashboard(), county.login)
  await go(page, 'desk')
  await page.getByTestId('desk-line').first().click()
  await page.getByTestId('desk-confirm').waitFor()
  await expect.poll(async () => [await page.getByTestId('desk-line').first().isVisible(), await tooWide(page)]).toEqual([false, []])
  await takeScreenshot(page, 'a-strange-box-on-a-telephone')
  for (const [hash, seen, name] of [
    ['desk?kind=lot&state=redirected', 'desk-line', 'a-lot-on-a-telephone'],
    ['lot?lot=bandage-6x500%2F8D2611', 'lot-same', 'a-lot-with-another-number-on-a-telephone'],
    ['imports', 'export-tags-csv', 'tables-on-a-telephone'],
  ] as const) {
    await go(page, hash)
    await page.getByTestId(seen).first().waitFor()
    if (seen === 'desk-line') await page.getByTestId(seen).first().click()
    await page.getByTestId(seen === 'desk-line' ? 'desk-settled' : seen).scrollIntoViewIfNeeded()
    await expect.poll(async () => [hash, await tooWide(page)]).toEqual([hash, []])
    await takeScreenshot(page, name)
  }
  await go(page, 'desk')
  await page.getByTestId('desk-line').first().click()
  await page.getByTestId('desk-back').click()
  await page.getByTestId('desk-line').first().waitFor()
})

test('the page complained of nothing', ({ desk: { complaints } }) => {
  expect(complaints()).toEqual([])
})
