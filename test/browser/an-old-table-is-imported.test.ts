import { readFileSync } from 'node:fs'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { expect } from 'vitest'
import { openBrowser, type Page, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInCounty, untilSays } from './pages.ts'

/** One clerk with the tables of an old system, from the first test to the last. */
const test = countyTest({ nodes: ['qinglong'] }).extend('clerk', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const page = await browser.openPage()
  const complaints = complaintsOf(page)
  await signInCounty(page, county.dashboard(), county.login)
  return { page, complaints, hub: await county.hubClient() }
})

/** One row of each kind: changed, alike twice, new, refused, and as it is. */
const OLD_TABLE = `编号,名称,型号,基本单位,无菌,柜号
gauze-10x10,医用脱脂纱布块,10×10 cm 8 层,片,,A1
,医用外科口罩,17.5×9.5 cm 平面,个,,A2
,一次性使用注射器,5 mL,支,,A3
,硅胶导尿管,F16,根,是,B1
,硅胶导尿管,F18,根,也许,B2
cotton-swab,医用棉签,10 cm,包,,B3
`
const fileOf = (name: string, text: string | Buffer) => ({ name, mimeType: '', buffer: Buffer.from(text) })

const open = async (page: Page, hash: string): Promise<void> => {
  await page.evaluate((to) => {
    window.location.hash = to
  }, `/${hash}`)
}

/** Chooses what comes in and the file, and sends it by the key under the finger. */
const upload = async (page: Page, kind: string, file: ReturnType<typeof fileOf>): Promise<void> => {
  await open(page, 'imports')
  await page.getByTestId(`kind-${kind}`).check()
  await page.getByTestId('table-file').setInputFiles(file)
  await until(
    'the send button to have the focus',
    () => page.evaluate(() => document.activeElement?.getAttribute('data-testid')),
    (at) => at === 'table-send',
  )
  await page.keyboard.press('Enter')
}
/** A paper that has come to lie still. */
const untilStill = (page: Page) =>
  until(
    'what came up to lie still',
    () => page.locator(':is([class*="-appear"], [class*="-enter"])[class*="ant-"]').count(),
    (moving) => moving === 0,
  )
/** Pressed while it still moves, a button is pressed on one spot and let go on another: that is no click. */
const pressStill = async (page: Page, testId: string): Promise<void> => {
  await page.getByTestId(testId).waitFor()
  await untilStill(page)
  await page.getByTestId(testId).click()
}
const untilState = (page: Page, state: string): Promise<void> =>
  page.locator(`[data-testid=run-state][data-state=${state}]`).waitFor({ timeout: 20_000 })
const outcomesOf = (page: Page): Promise<readonly (string | null)[]> =>
  page.getByTestId('table-row').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-outcome')))

test('what cannot be a table is told before it is sent', async ({ clerk: { page } }) => {
  await page.getByTestId('menu-imports').click()
  await page.getByTestId('kind-items').check()
  await takeScreenshot(page, 'an-import-begins')
  await page.getByTestId('table-file').setInputFiles(fileOf('旧表.xls', 'x'))
  await untilSays(page, 'file-flaw', '另存为')
  await expect.poll(() => page.getByTestId('table-send').isDisabled()).toBe(true)
})

test('a table is looked at and answered by the keys alone, and nothing is written before its end', async ({ clerk: { page, hub } }) => {
  await upload(page, 'items', fileOf('旧系统耗材.csv', OLD_TABLE))
  await untilState(page, 'ready')
  await untilSays(page, 'table-row', '医用外科口罩')
  await expect.poll(() => outcomesOf(page)).toEqual(['choice', 'choice'])
  await takeScreenshot(page, 'an-import-asks')
  await page.keyboard.press('1')
  await untilSays(page, 'table-row', '你选的')
  await page.keyboard.press('n')
  await untilSays(page, 'outcome-choice', '0')
  // Another answer to the same question, and back to the first.
  await page.keyboard.press('1')
  await untilSays(page, 'outcome-changed', '3')
  await page.keyboard.press('n')
  await untilSays(page, 'outcome-changed', '2')
  await page.keyboard.press('ArrowLeft')
  await until(
    'every row',
    () => outcomesOf(page),
    (seen) => seen.length === 6,
  )
  await expect.poll(() => outcomesOf(page)).toEqual(['changed', 'changed', 'new', 'new', 'error', 'same'])
  await untilSays(page, 'table-row', '医用脱脂纱布块')
  await untilSays(page, 'run-head', '柜号')
  await takeScreenshot(page, 'an-import-is-looked-at')
  await page.keyboard.press('Enter')
  await page.getByTestId('paper-yes').waitFor()
  await page.keyboard.press('Escape')
  await page.getByTestId('paper-yes').waitFor({ state: 'detached' })
  await expect.poll(async () => (await hub.get('item', { item: 'gauze-10x10' })).latest).toBe(1)
})

test('Enter writes it, and the refused rows come back as a file with their reasons', async ({ clerk: { page, hub } }) => {
  await page.keyboard.press('Enter')
  await page.getByTestId('paper-yes').waitFor()
  await untilStill(page)
  await takeScreenshot(page, 'an-import-is-committed')
  await page.keyboard.press('Enter')
  await untilState(page, 'done')
  await untilSays(page, 'run-says', '写入了 4 条')
  await expect
    .poll(async () => (await hub.get('item', { item: 'gauze-10x10' })).record.name)
    .toMatchObject({ zh: '医用脱脂纱布块', en: 'Gauze swab' })
  await expect.poll(async () => (await hub.get('item', { item: 'mask-surgical' })).record.model).toBe('17.5×9.5 cm 平面')
  const coming = page.waitForEvent('download')
  await page.getByTestId('errors-csv').click()
  const refused = readFileSync(await (await coming).path(), 'utf8')
  expect(refused).toContain('“无菌 / Sterile”看不懂：也许')
  expect(refused.trim().split('\n')).toHaveLength(2)
  await takeScreenshot(page, 'an-import-is-written')
})

test('the same file is told kindly to be the same', async ({ clerk: { page } }) => {
  await open(page, 'imports')
  await page.getByTestId('kind-items').check()
  await page.getByTestId('drop').evaluate((zone, text) => {
    const carried = new DataTransfer()
    carried.items.add(new File([text], '又一次.csv'))
    zone.dispatchEvent(new DragEvent('drop', { dataTransfer: carried, bubbles: true, cancelable: true }))
  }, OLD_TABLE)
  await page.getByTestId('table-send').click()
  await untilSays(page, 'run-again', '什么都没有变')
  await takeScreenshot(page, 'the-same-file-twice')
})

test('a batch is undone whole, and not once somebody changed a record of it', async ({ clerk: { page, hub } }) => {
  await page.getByTestId('undo').click()
  await pressStill(page, 'paper-yes')
  await untilState(page, 'undone')
  await expect.poll(async () => (await hub.get('item', { item: 'gauze-10x10' })).record.name.zh).toBe('医用纱布块')
  await expect.poll(async () => (await hub.get('item', { item: 'mask-surgical' })).record.model).toBe('17.5×9.5 cm')
  await upload(page, 'items', fileOf('旧系统耗材.csv', OLD_TABLE))
  await untilState(page, 'ready')
  await page.getByTestId('many-new').click()
  await untilSays(page, 'outcome-choice', '0')
  await page.getByTestId('commit').click()
  await pressStill(page, 'paper-yes')
  await untilState(page, 'done')
  const { version, ...fields } = (await hub.get('item', { item: 'gauze-10x10' })).record
  await hub.get('createItem', { action: newAction(), ...fields, model: '20×20 cm', knownVersion: version })
  await page.getByTestId('undo').click()
  await pressStill(page, 'paper-yes')
  await untilSays(page, 'trouble', 'gauze-10x10 在导入后又被改过')
  await untilStill(page)
  await takeScreenshot(page, 'an-import-is-not-undone')
  await page.getByTestId('paper-record').click()
  await untilSays(page, 'record', '20×20 cm')
})

test('thousands of rows are turned by the keys, and many are answered at once', async ({ clerk: { page } }) => {
  const nameAt = (at: number) => String.fromCodePoint(...[0, 1, 2, 3, 4].map((letter) => 0x4e00 + at * 9 + letter))
  const table = (mark: string) => `名称,基本单位\n${Array.from({ length: 320 }, (_, at) => `${nameAt(at)}${mark},个\n`).join('')}`
  await upload(page, 'items', fileOf('许多.csv', table('')))
  await untilState(page, 'ready')
  await page.keyboard.press('PageDown')
  await untilSays(page, 'rows-span', '第 102 – 201 行')
  await page.keyboard.press('End')
  await untilSays(page, 'rows-span', '第 222 – 321 行')
  await page.keyboard.press('PageUp')
  await untilSays(page, 'rows-span', '第 122 – 221 行')
  await page.keyboard.press('g')
  await page.keyboard.type('200')
  await page.keyboard.press('Enter')
  await untilSays(page, 'rows-span', '第 200 – 299 行')
  await page.keyboard.press('Enter')
  await page.getByTestId('paper-yes').waitFor()
  await page.keyboard.press('Enter')
  await untilState(page, 'done')
  await upload(page, 'items', fileOf('许多（改）.csv', table('新')))
  await untilState(page, 'ready')
  await takeScreenshot(page, 'many-rows-ask')
  await page.getByTestId('many-best').click()
  await untilSays(page, 'many', '剩下的不够像')
  await page.getByTestId('many-least').click()
  await page.locator('.ant-select-item-option').filter({ hasText: '不限' }).waitFor()
  await untilStill(page)
  await page.locator('.ant-select-item-option').filter({ hasText: '不限' }).click()
  await untilSays(page, 'many-least', '不限')
  await page.getByTestId('many-best').click()
  await untilSays(page, 'outcome-changed', '320')
  await page.getByTestId('many-open').click()
  await untilSays(page, 'outcome-choice', '320')
  await page.getByTestId('cancel').click()
  await untilState(page, 'cancelled')
})

test('everything goes out as a table and comes in again as the same', async ({ clerk: { page } }) => {
  await open(page, 'imports')
  const coming = page.waitForEvent('download')
  await page.getByTestId('export-items-xlsx').click()
  const bytes = readFileSync(await (await coming).path())
  await upload(page, 'items', fileOf('导出再导入.xlsx', bytes))
  await untilState(page, 'ready')
  await untilSays(page, 'run-says', '没有要写入的')
  await expect.poll(() => page.getByTestId('commit').count()).toBe(0)
  await page.getByTestId('cancel').click()
  await untilState(page, 'cancelled')
  await open(page, 'imports')
  await untilSays(page, 'past-import', '导出再导入.xlsx')
  await takeScreenshot(page, 'imports-before')
  await page.getByTestId('to-reference').click()
  await page.getByTestId('release-file').waitFor({ state: 'attached' })
})

test('the page complained of nothing but of the undoing that was refused', ({ clerk: { complaints } }) => {
  expect(complaints().filter((complaint) => !complaint.includes('409'))).toEqual([])
})
