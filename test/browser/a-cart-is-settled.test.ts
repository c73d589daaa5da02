import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import { expect } from 'vitest'
import { announce, carry, inDays, newBox, untilStands, untilStandsAtNode } from '../acts.ts'
import { untilHeld } from '../books.ts'
import { DESK, openBrowser, type Page, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInStockroom, tooWide, touch } from './pages.ts'

/** A door that is sure of nothing: every crossing of its township is a task. */
const doubtNothing = async (town: Township): Promise<void> => {
  await town.stop()
  const file = join(town.home, 'edge.json')
  const { doors, ...rest } = JSON.parse(readFileSync(file, 'utf8')) as { readonly doors: readonly object[] }
  writeFileSync(file, JSON.stringify({ ...rest, doors: doors.map((door) => ({ ...door, thresholds: { decideCertainty: 2 } })) }))
  await town.start()
}
/** The smallest telephone a keeper carries. */
const SMALL = { width: 360, height: 740 }
const BOXES = [
  ...Array.from({ length: 3 }, () => newBox('glove-m', 'ST2611', inDays(900))),
  ...Array.from({ length: 2 }, () => newBox('syringe-5ml', 'ZS2611', inDays(400))),
]
const LAST = newBox('cotton-swab', 'MQ2611', inDays(700))
const CAME = { 'main/pending glove-m/ST2611': 300, 'main/pending syringe-5ml/ZS2611': 100 }

const ACCEPTED = Object.fromEntries(Object.entries(CAME).map(([at, units]) => [at.replace('pending', 'available'), units]))

/** One keeper with a telephone and a desk, from the first test to the last. */
const test = countyTest({ nodes: ['qinglong'] }).extend('keeper', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const town = county.township('qinglong')
  await doubtNothing(town)
  await announce(county, 'qinglong', [...BOXES, LAST], 'ASN-77')
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const phone = await browser.openPage(SMALL)
  const desk = await browser.openPage(DESK)
  const complaints = [phone, desk].map(complaintsOf)
  for (const page of [phone, desk]) {
    await signInStockroom(page, town.page(), '2580')
    await page.getByTestId('go-tasks').click()
  }
  return { town, phone, desk, complaints }
})
const untilCount = (page: Page, testId: string, wanted: number) =>
  until(
    `${wanted} ${testId} on the page`,
    () => page.getByTestId(testId).count(),
    (count) => count === wanted,
    { withinMs: 30_000 },
  )

/** Types as fast as a scanner, however busy this machine is: keys that come apart are a person. */
const scan = (page: Page, text: string) =>
  page.evaluate((keys) => {
    for (const key of keys) document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))
  }, text)

/** Long enough for the next person not to be taken for the same walk. */
const apart = () => new Promise((resolve) => setTimeout(resolve, 6_000))

test('a cart the door is not sure of is one card, and one touch on a small telephone books every box', async ({ keeper }) => {
  const { town, phone, desk } = keeper
  await carry(town, 'in', BOXES)
  await untilCount(phone, 'walk', 1)
  await until(
    'all boxes to be in it',
    () => phone.getByTestId('walk').textContent(),
    (text) => text?.includes(`${BOXES.length} 箱一起过门`) === true,
  )
  await expect.poll(() => tooWide(phone)).toEqual([])
  await takeScreenshot(phone, 'a-cart-on-a-telephone')
  await untilCount(desk, 'walk', 1)
  await takeScreenshot(desk, 'a-cart-at-a-desk')
  await touch(phone.getByTestId('walk-open'))
  await untilCount(phone, 'task', BOXES.length)
  await touch(phone.getByTestId('walk-open'))
  await untilCount(phone, 'task', 0)
  await touch(phone.getByTestId('answer-in'))
  await untilStandsAtNode(town, CAME)
  await untilCount(phone, 'walk', 0)
})

test('taken back by one touch, every box waits again', async ({ county, keeper: { town, phone, desk } }) => {
  await touch(phone.getByTestId('undo'))
  await untilStandsAtNode(town, {})
  await untilHeld(county)
  await untilStands(county, 'qinglong', {})
  await untilCount(desk, 'walk', 1)
})

test('what a scanner types answers nothing; a figure alone does, and the next task comes up', async ({ county, keeper }) => {
  const { town, desk } = keeper
  await apart()
  await carry(town, 'in', [LAST])
  await untilCount(desk, 'task', 1)
  await takeScreenshot(desk, 'a-box-at-a-desk')
  await scan(desk, '12321')
  await desk.keyboard.press('Escape')
  await desk.waitForTimeout(600)
  await untilStands(county, 'qinglong', {})
  // The newest is on top; the cart is below it.
  await desk.keyboard.press('ArrowDown')
  await desk.keyboard.press('1')
  await untilStands(county, 'qinglong', CAME)
  await untilCount(desk, 'walk', 0)
  await desk.keyboard.press('3')
  await untilCount(desk, 'task', 0)
  await untilStands(county, 'qinglong', CAME)
})

test('the paper shows what has crossed the door, and one touch accepts it', async ({ county, keeper: { phone, desk } }) => {
  for (const [page, name] of [
    [desk, 'a-paper-at-a-desk'],
    [phone, 'a-paper-on-a-telephone'],
  ] as const) {
    await page.evaluate(() => {
      window.location.hash = '/expected'
    })
    await page.getByTestId('came').waitFor()
    await expect.poll(() => tooWide(page)).toEqual([])
    await takeScreenshot(page, name)
  }
  await expect.poll(() => phone.getByTestId('expected-boxes').textContent()).toContain('已过门 0 / 1 箱')
  await touch(phone.getByTestId('came-accept'))
  await untilStands(county, 'qinglong', ACCEPTED)
  await untilCount(phone, 'came', 0)
  for (const page of [desk, phone]) await touch(page.getByTestId('go-tasks'))
})

test('one box alone fits a small telephone with its answers in sight', async ({ keeper: { town, phone } }) => {
  // Right behind its passage the door would take what it hears of the box outside for an echo.
  await new Promise((resolve) => setTimeout(resolve, 16_000))
  await carry(town, 'in', [LAST])
  await untilCount(phone, 'task', 1)
  await touch(phone.getByTestId('go-home'))
  await touch(phone.getByTestId('go-tasks'))
  await phone.getByTestId('answer-none').waitFor()
  await takeScreenshot(phone, 'a-box-on-a-telephone')
  await expect.poll(() => tooWide(phone)).toEqual([])
  const roomBelow = async (): Promise<number> => {
    const box = await phone.getByTestId('answer-none').boundingBox()
    const menu = await phone.getByTestId('go-tasks').boundingBox()
    return (menu?.y ?? 0) - (box?.y ?? 0) - (box?.height ?? 0)
  }
  await expect.poll(roomBelow).toBeGreaterThan(0)
})

test('the pages complained of nothing', ({ keeper: { complaints } }) => {
  expect(complaints.flatMap((told) => told())).toEqual([])
})
