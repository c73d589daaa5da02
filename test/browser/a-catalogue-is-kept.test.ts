import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { openBrowser, type Page, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInCounty, touchAway, untilSays } from './pages.ts'

/** One clerk at the county's desk, from the first test to the last. */
const test = countyTest({ nodes: ['qinglong'] }).extend('clerk', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const page = await browser.openPage()
  const complaints = complaintsOf(page)
  await signInCounty(page, county.dashboard(), county.login)
  return { page, complaints, hub: await county.hubClient() }
})

const go = (page: Page, hash: string): Promise<unknown> =>
  page.evaluate((to) => {
    window.location.hash = to
  }, `/${hash}`)

/** The level of that row of the pack editor, filled in as a person does. */
const writeLevel = async (page: Page, at: number, name: string, quantity: string): Promise<void> => {
  await page.getByTestId('pack-add').click()
  const row = page.getByTestId('pack-row').nth(at)
  await row.getByTestId('pack-name').fill(name)
  await row.getByTestId('pack-quantity').fill(quantity)
}

test('a pack graph is written level by level: units follow, and what is wrong stands at its row before anything is sent', async ({
  clerk: { page, hub },
}) => {
  await go(page, 'items')
  await page.getByTestId('item-open').click()
  await page.getByTestId('item-field').fill('plaster')
  await page.getByTestId('name-field').fill('创可贴')
  await page.getByTestId('unit-field').fill('贴')
  await writeLevel(page, 0, '盒', '100')
  await writeLevel(page, 1, '箱', '2.5')
  await untilSays(page, 'pack-error', '整数')
  await page.getByTestId('record-save').click()
  await takeScreenshot(page, 'a-pack-that-is-wrong')
  await expect.poll(() => hub.ask('item', { item: 'plaster' })).toMatchObject({ status: 404 })
  const carton = page.getByTestId('pack-row').nth(1)
  await carton.getByTestId('pack-quantity').fill('20')
  await untilSays(page, 'pack-units', '2,000 贴')
  await carton.getByTestId('code-add').click()
  await carton.getByTestId('pack-code').fill('6901234560006')
  await untilSays(page, 'pack-error', '校验位')
  await carton.getByTestId('pack-code').fill('6901234560008')
  await page.getByTestId('pack-error').waitFor({ state: 'detached' })
  await page.getByTestId('record-save').click()
  const { record } = await until(
    'the item to be there',
    () => hub.get('item', { item: 'plaster' }),
    ({ latest }) => latest === 1,
  )
  expect(record.packs).toEqual([
    { pack: '盒', units: 100, gtin: null },
    { pack: '箱', units: 2000, gtin: '06901234560008', of: { pack: '盒', quantity: 20 } },
  ])
})

test('two people change one item: both versions are shown, each field is chosen, and neither is lost', async ({ clerk: { page, hub } }) => {
  await go(page, 'items?item=plaster')
  await page.getByTestId('record-edit').click()
  await page.getByLabel('型号').fill('大号')
  const { record } = await hub.get('item', { item: 'plaster' })
  const { version, ...fields } = record
  await hub.get('createItem', { action: newAction(), ...fields, class: 'II', nearDays: [60], knownVersion: version })
  await page.getByTestId('record-save').click()
  await page.getByTestId('clash').waitFor()
  await until(
    'the paper to stand still',
    () => page.locator('.ant-zoom-appear').count(),
    (moving) => moving === 0,
  )
  await takeScreenshot(page, 'two-changed-one-item')
  await expect
    .poll(() => page.getByTestId('clash-field').evaluateAll((all) => all.map((one) => one.getAttribute('data-field'))))
    .toEqual([...['model', 'class', 'nearDays']])
  await page.getByTestId('clash-save').click()
  await page.getByTestId('clash').waitFor({ state: 'detached' })
  await expect
    .poll(() => hub.get('item', { item: 'plaster' }))
    .toMatchObject({ latest: 3, record: { model: '大号', class: 'II', nearDays: [60] } })
  await untilSays(page, 'version', '第 3 版')
})

test('a duplicate is merged with its consequences told, and parted again', async ({ clerk: { page, hub } }) => {
  const double = { item: 'plaster-2', name: { zh: '创口贴', en: '' }, model: '', unit: { zh: '贴', en: '' }, packs: [], nearDays: [] }
  await hub.get('createItem', { action: newAction(), ...double })
  await go(page, 'items?item=plaster-2')
  await page.getByTestId('record-merge').click()
  await page.getByTestId('merge-to').locator('input').fill('创可贴')
  await page.locator('.ant-select-item-option').filter({ hasText: 'plaster' }).first().click()
  await page.getByTestId('merge-sure').click()
  await takeScreenshot(page, 'a-duplicate-is-merged')
  await page.getByTestId('merge-send').click()
  await untilSays(page, 'record', 'plaster-2 已并入 plaster')
  await expect.poll(async () => (await hub.get('item', { item: 'plaster-2' })).record.item).toBe('plaster')
  await page.getByTestId('merge-undo').click()
  await until(
    'the merge to be taken back',
    async () => (await hub.get('item', { item: 'plaster-2' })).record.item,
    (item) => item === 'plaster-2',
  )
})

test('a certificate is kept with its scanned paper', async ({ clerk: { page, hub } }) => {
  await go(page, 'certificates')
  await page.getByTestId('certificate-new').click()
  await page.getByTestId('id-field').fill('cert-1')
  await page.getByTestId('number-field').fill('国械注准20203140001')
  await page.getByTestId('until-field').fill('2020-12-31')
  await page.getByTestId('paper-file').setInputFiles({ name: 'scan.png', mimeType: 'image/png', buffer: PICTURE })
  await page.getByTestId('paper-link').waitFor()
  await page.getByTestId('record-save').click()
  await until(
    'the certificate to be there',
    () => hub.get('certificate', { id: 'cert-1' }),
    ({ record, validity }) => record.file !== undefined && validity.state === 'ended',
  )
  await go(page, 'permits')
  await untilSays(page, 'permit', '国械注准20203140001')
})

test('anything is found from anywhere by the keys alone, and each hit says why', async ({ clerk: { page } }) => {
  await go(page, 'board')
  await page.getByTestId('sites').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('ckt')
  // Of the first letters alone another may stand first.
  await expect.poll(() => page.getByTestId('hit').first().textContent()).toMatch(/创可贴.*拼音首字母/)
  await takeScreenshot(page, 'anything-is-found')
  await page.keyboard.press('Enter')
  await untilSays(page, 'record', 'plaster')
})

test('who types on and presses Enter before there is an answer opens what was typed, not what stood there', async ({ clerk: { page } }) => {
  await go(page, 'board')
  await page.getByTestId('sites').waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('mask')
  await page.getByTestId('hit').first().waitFor()
  await page.getByTestId('find').press('ControlOrMeta+a')
  await page.keyboard.type('ckt')
  await page.keyboard.press('Enter')
  await untilSays(page, 'record', 'plaster')
})

test('what is typed is not lost by a slip: closing asks, and what was left behind by the way back stands there again', async ({
  clerk: { page },
}) => {
  await go(page, 'parties')
  await page.getByTestId('menu-parties').waitFor()
  await go(page, 'items?item=plaster')
  await page.getByTestId('record-edit').click()
  await page.getByLabel('型号').fill('特大号')
  await page.keyboard.press('Escape')
  await page.getByTestId('draft-stay').waitFor()
  await touchAway(page.getByTestId('draft-stay'))
  await expect.poll(() => page.getByLabel('型号').inputValue()).toBe('特大号')
  await page.mouse.click(300, 400)
  await page.getByTestId('draft-stay').waitFor()
  await takeScreenshot(page, 'typed-text-is-asked-about')
  await touchAway(page.getByTestId('draft-stay'))
  await page.goBack()
  await page.getByTestId('record-save').waitFor({ state: 'detached' })
  await go(page, 'items?item=plaster')
  await page.getByTestId('record-edit').click()
  await page.getByTestId('draft').waitFor()
  await expect.poll(() => page.getByLabel('型号').inputValue()).toBe('特大号')
  await page.getByTestId('draft').locator('button').click()
  await page.getByTestId('draft').waitFor({ state: 'detached' })
  await expect.poll(() => page.getByLabel('型号').inputValue()).toBe('大号')
  await page.keyboard.press('Escape')
  await page.getByTestId('record-edit').waitFor()
})

test('the list of items is narrowed by the hub: by class, by permits, by text', async ({ clerk: { page, hub } }) => {
  const { version, ...fields } = (await hub.get('item', { item: 'gauze-10x10' })).record
  await hub.get('createItem', { action: newAction(), ...fields, class: 'III', certificate: 'cert-1', knownVersion: version })
  const names = () => page.getByTestId('record-open').allTextContents()
  const untilLists = (hash: string, wanted: readonly string[]) =>
    until(
      `${hash} to list ${wanted}`,
      async () => {
        await go(page, hash)
        return names()
      },
      (seen) => JSON.stringify(seen) === JSON.stringify(wanted),
    )
  await untilLists('items?class=III', ['医用纱布块'])
  await untilLists('items?paper=ended', ['医用纱布块'])
  await untilLists('items?class=II', ['创可贴'])
  await untilLists('items?paper=none&search=口罩', ['医用外科口罩'])
  await untilLists('items?retired=yes', [])
  await untilSays(page, 'empty', '')
})

test('rooms of a site are changed, and two who change them see each other; a doorway is told where it leads', async ({
  clerk: { page, hub },
}) => {
  await go(page, 'places')
  await page.getByTestId('rooms-of-qinglong').click()
  await page.getByTestId('room-add').click()
  const room = page.getByTestId('room').last()
  await room.getByTestId('room-id').fill('main')
  await room.getByTestId('room-name').fill('急救室')
  await page.getByTestId('record-save').click()
  await page.getByText('编号重复').first().waitFor()
  await room.getByTestId('room-id').fill('er')
  const { rows } = await hub.get('sites')
  const { version: knownVersion, ...site } = rows.find((one) => one.site === 'qinglong') ?? { version: 0, ...NO_SITE }
  const rooms = site.rooms.map(({ use, ...one }) => ({ ...one, use: use as 'store' }))
  await hub.get('createSite', { action: newAction(), ...site, rooms, name: { zh: '青龙中心卫生院', en: '' }, knownVersion })
  await takeScreenshot(page, 'rooms-are-changed')
  await page.getByTestId('record-save').click()
  await page.getByTestId('clash').waitFor()
  await expect
    .poll(() => page.getByTestId('clash-field').evaluateAll((all) => all.map((one) => one.getAttribute('data-field'))))
    .toEqual([...['name', 'rooms']])
  await page.getByTestId('clash-save').click()
  await page.getByTestId('room-er').waitFor()
  await expect
    .poll(async () => (await hub.get('sites')).rows)
    .toMatchObject([{ name: { zh: '青龙中心卫生院' }, version: knownVersion + 2 }])
  await page.getByTestId('portal-new-qinglong').click()
  await page.getByTestId('id-field').fill('er-door')
  await page.getByTestId('name-field').fill('急救室门')
  await page.getByTestId('portal-inside').click()
  await page.locator('.ant-select-item-option').filter({ hasText: '急救室' }).last().click()
  await page.getByTestId('record-save').click()
  await untilSays(page, 'portal', '急救室门')
  await page.getByTestId('portal').filter({ hasText: '急救室门' }).click()
  await page.getByTestId('record-edit').click()
  await page.getByTestId('name-field').fill('急救室侧门')
  await page.getByTestId('record-save').click()
  await untilSays(page, 'version', '第 2 版')
  await takeScreenshot(page, 'a-doorway-is-changed')
  await expect.poll(() => hub.get('portal', { id: 'er-door' })).toMatchObject({ latest: 2, record: { inside: 'er', outside: null } })
})

test('the page complained of nothing but of the versions that were not the newest', ({ clerk: { complaints } }) => {
  expect(complaints().filter((complaint) => !complaint.includes('409') && !complaint.includes('404'))).toEqual([])
})

const NO_SITE = { site: '', name: { zh: '', en: '' }, zone: '', rooms: [] }

/** A picture of one point. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
)
