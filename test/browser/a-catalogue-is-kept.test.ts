import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { openBrowser, type Page, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInCounty, untilSays } from './pages.ts'

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
  expect(await hub.ask('item', { item: 'plaster' })).toMatchObject({ status: 404 })
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
  expect(await page.getByTestId('clash-field').evaluateAll((all) => all.map((one) => one.getAttribute('data-field')))).toEqual([
    ...['model', 'class', 'nearDays'],
  ])
  await page.getByTestId('clash-save').click()
  await page.getByTestId('clash').waitFor({ state: 'detached' })
  const now = await hub.get('item', { item: 'plaster' })
  expect(now).toMatchObject({ latest: 3, record: { model: '大号', class: 'II', nearDays: [60] } })
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
  expect((await hub.get('item', { item: 'plaster-2' })).record.item).toBe('plaster')
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
  await untilSays(page, 'hit', '拼音首字母')
  await takeScreenshot(page, 'anything-is-found')
  await page.keyboard.press('Enter')
  await untilSays(page, 'record', 'plaster')
})

test('the page complained of nothing but of the versions that were not the newest', ({ clerk: { complaints } }) => {
  expect(complaints().filter((complaint) => !complaint.includes('409') && !complaint.includes('404'))).toEqual([])
})

/** A picture of one point. */
const PICTURE = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAYAAACNMs+9AAAAFUlEQVR42mNk+M9Qz0AEYBxVSF+FABJADveWkH6oAAAAAElFTkSuQmCC',
  'base64',
)
