import { boxGtin } from '@lotkeeper/deploy/demo/stock.ts'
import { expect } from 'vitest'
import { inDays } from '../acts.ts'
import { openBrowser, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, foreignTexts, signInStockroom, tooWide, touch, untilSays } from './pages.ts'

/** The narrowest telephone anybody holds. */
const NARROW = { width: 360, height: 740 }
const GTIN = boxGtin('syringe-5ml')
const PARTS = '1728020010ZS2811'

const test = countyTest({ nodes: ['qinglong'] }).extend('keeper', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const page = await browser.openPage(NARROW)
  const complaints = complaintsOf(page)
  await signInStockroom(page, county.township('qinglong').securePage(), '2580')
  const wedge = async (text: string): Promise<void> => {
    await page.keyboard.type(text)
    await page.keyboard.press('Enter')
  }
  const explain = async (text: string): Promise<void> => {
    await page.getByTestId('look-code').fill(text)
    await page.keyboard.press('Enter')
  }
  return { page, complaints, wedge, explain, touch: (testId: string) => touch(page.getByTestId(testId)) }
})

test('the page is found behind More, and begins with an example', async ({ keeper: { page, touch } }) => {
  await touch('go-more')
  await touch('more-look')
  await takeScreenshot(page, 'a-code-none')
  await touch('look-example')
  await untilSays(page, 'look-symbol', '2028-02-29')
  await untilSays(page, 'look-known', '目录里没有')
  await expect.poll(() => page.getByTestId('look-part').count()).toBe(4)
  await takeScreenshot(page, 'a-code-example')
})

test('a typed separator, a known pack, what stands of it', async ({ keeper: { page, explain } }) => {
  await explain(`]d201${GTIN}10ZS2811<GS>21S7`)
  await untilSays(page, 'look-symbol', '␝')
  await untilSays(page, 'look-known', '一次性使用无菌注射器')
  await untilSays(page, 'look-known', '1 盒 = 50 支')
  await takeScreenshot(page, 'a-code-known')
})

test('what is wrong is marked where it stands, with what to do', async ({ keeper: { page, explain } }) => {
  await explain(`(01)${GTIN}(17)281331(10)ZS2811`)
  await page.locator('[data-refused="codes.date-wrong"]').waitFor()
  await expect.poll(() => page.locator('.piece-wrong').allTextContents()).toEqual(['281331'])
  await untilSays(page, 'look-symbol', '怎么办')
  await takeScreenshot(page, 'a-code-wrong')
})

test('a code as long as a page stays in its column', async ({ keeper: { page, explain } }) => {
  await explain(`https://example.com/${'a0/'.repeat(900)}`)
  await page.locator('.look-raw .plain-button').click()
  await expect.poll(() => tooWide(page)).toEqual([])
  await takeScreenshot(page, 'a-code-long')
})

test('two symbols of one label are explained together, by a wedge', async ({ keeper: { page, wedge, touch } }) => {
  await touch('go-more')
  await touch('more-look')
  await page.locator('h1').click()
  await wedge(`]C101${GTIN}`)
  await page.locator('[data-testid=pair-note][data-state=open]').waitFor()
  await takeScreenshot(page, 'a-code-waits')
  await wedge(`]C1${PARTS}`)
  await page.locator('[data-testid=pair-note][data-state=joined]').waitFor()
  await until(
    'both symbols to be there',
    () => page.getByTestId('look-symbol').count(),
    (count) => count === 2,
  )
  await untilSays(page, 'look-known', 'ZS2811')
  await takeScreenshot(page, 'a-code-joined')
})

test('received, a joined pair is one card, and Escape takes it apart', async ({ keeper: { page, wedge, touch } }) => {
  await touch('go-receive')
  await page.locator('h1').click()
  await wedge(`]C1${PARTS}`)
  await page.locator('[data-testid=pair-note][data-state=open]').waitFor()
  await wedge(`]C101${GTIN}`)
  await untilSays(page, 'receive-card', 'ZS2811')
  await untilSays(page, 'pair-note', '两个码合成了一条')
  await takeScreenshot(page, 'a-pair-is-received')
  await page.keyboard.press('Escape')
  await page.getByTestId('pair-note').waitFor({ state: 'detached' })
  await expect.poll(() => page.getByTestId('lot-number').inputValue()).toBe('')
  await expect.poll(() => page.getByTestId('receive-card').count()).toBe(1)
})

test('Escape ends the wait, and the scanner on the table never joins what a page scanned', async ({ county, keeper: { page, wedge } }) => {
  await wedge(`]C1${PARTS}`)
  await page.locator('[data-testid=pair-note][data-state=open]').waitFor()
  await page.keyboard.press('Escape')
  await page.getByTestId('pair-note').waitFor({ state: 'detached' })
  await wedge(`]C1${PARTS}`)
  await page.locator('[data-testid=pair-note][data-state=open]').waitFor()
  county.township('qinglong').scan(boxGtin('cotton-swab'), 'MQ2611', inDays(700))
  await untilSays(page, 'receive-card', 'MQ2611')
  await expect.poll(() => page.getByTestId('pair-note').count()).toBe(0)
})

test('a code nobody knows is a task with what was read; put to a known pack, it is known at once', async ({ keeper }) => {
  const { page, wedge, touch } = keeper
  await touch('go-receive')
  await page.locator('h1').click()
  await wedge(`]d2010690123499999017280200`)
  await touch('go-tasks')
  await untilSays(page, 'task', '06901234999990')
  await untilSays(page, 'task', '2028-02-29')
  await takeScreenshot(page, 'a-code-unknown-task')
  await touch('answer-bind')
  await touch('item-cotton-swab')
  await page.getByTestId('bind-code').locator('.choices label').filter({ hasText: '盒' }).click()
  await takeScreenshot(page, 'a-code-is-bound')
  await touch('bind-code-send')
  await page.getByTestId('task').waitFor({ state: 'detached' })
  await touch('go-receive')
  await page.locator('h1').click()
  await wedge(`]d2010690123499999017280200`)
  await untilSays(page, 'receive-card', '医用棉签')
  await expect.poll(() => tooWide(page)).toEqual([])
})

test('in English too, and the page complained of nothing', async ({ keeper: { page, complaints, touch, explain } }) => {
  await touch('go-more')
  await touch('more-look')
  await explain(`(01)${GTIN}(17)280200(10)ZS2811`)
  await untilSays(page, 'look-known', 'ZS2811')
  await expect.poll(async () => (await foreignTexts(page)).filter((text) => !/GS1|Lotkeeper/.test(text))).toEqual([])
  await touch('language')
  await untilSays(page, 'look-symbol', 'day 00 is the last day of the month')
  await takeScreenshot(page, 'a-code-english')
  await touch('language')
  await expect.poll(() => tooWide(page)).toEqual([])
  expect(complaints()).toEqual([])
})
