import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { boxGtin } from '@lotkeeper/deploy/demo/stock.ts'
import { expect } from 'vitest'
import { carry, inDays, newBox, untilStands, untilStandsAtNode } from '../acts.ts'
import { breachesOf, errorsOf, untilHeld } from '../books.ts'
import { openBrowser, TELEPHONE, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInStockroom, tooWide, touch, untilSays } from './pages.ts'

/** One keeper at one telephone, from the first test to the last. */
const test = countyTest({ nodes: ['qinglong'] }).extend('keeper', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const page = await browser.openPage(TELEPHONE)
  const complaints = complaintsOf(page)
  await signInStockroom(page, county.township('qinglong').securePage(), '2580')
  return { page, complaints, touch: (testId: string) => touch(page.getByTestId(testId)) }
})
const ENDS = inDays(25)
const SYRINGES = 'syringe-5ml/ZS2611'
/** Came with the truck before the county had announced it. */
const early = newBox('glove-m', 'ST2611', inDays(900))
/** Nobody ever announces this one. */
const stranger = newBox('cotton-swab', 'MQ2611', inDays(700))

test('a carton scanned at the table shows without a touch, and is received', async ({ county, keeper: { page, touch } }) => {
  await touch('work-receive')
  await page.locator('[data-testid=go-receive][aria-current=page]').waitFor()
  county.township('qinglong').scan(boxGtin('syringe-5ml'), 'ZS2611', ENDS)
  await untilSays(page, 'receive-card', 'ZS2611')
  await untilSays(page, 'receive-card', '一次性使用无菌注射器')
  await touch('quantity-more')
  await touch('quantity-more')
  await takeScreenshot(page, 'a-keeper-receives')
  await touch('receive-book')
  await page.getByTestId('receive-card').waitFor({ state: 'detached' })
  await untilStands(county, 'qinglong', { [`main/pending ${SYRINGES}`]: 150 })
})

test('inspected, it is accepted', async ({ county, keeper: { page, touch } }) => {
  await touch('go-stock')
  await touch('accept')
  await touch('accept-book')
  await page.getByTestId('accept-paper').waitFor({ state: 'detached' })
  await untilStands(county, 'qinglong', { [`main/available ${SYRINGES}`]: 150 })
})

test('two packs are issued by scan, and taken back by one touch', async ({ county, keeper: { page, touch } }) => {
  await touch('go-issue')
  await page.locator('[data-testid=go-issue][aria-current=page]').waitFor()
  county.township('qinglong').scan(boxGtin('syringe-5ml'), 'ZS2611', ENDS)
  await untilSays(page, 'issue-card', 'ZS2611')
  await touch('quantity-more')
  await takeScreenshot(page, 'a-keeper-issues')
  await touch('issue-book')
  await untilStandsAtNode(county.township('qinglong'), { [`main/available ${SYRINGES}`]: 50 })
  await touch('undo')
  await untilStandsAtNode(county.township('qinglong'), { [`main/available ${SYRINGES}`]: 150 })
  await untilHeld(county)
  await untilStands(county, 'qinglong', { [`main/available ${SYRINGES}`]: 150 })
  const [row] = (await (await county.hubClient()).get('movements', { lot: SYRINGES, limit: 1 })).rows
  expect(row).toMatchObject({ kind: 'reverse', units: 100, reverses: expect.any(String) })
})

test('two unknown boxes come in: the one announced late is settled by one touch, the other gets its lot', async ({ county, keeper }) => {
  const { page } = keeper
  await keeper.touch('go-tasks')
  await carry(county.township('qinglong'), 'in', [early, stranger])
  const tasks = page.getByTestId('task')
  await until(
    'both boxes to be tasks',
    () => tasks.count(),
    (count) => count === 2,
  )
  await county.announce('qinglong', [early], 'ASN-11')
  await takeScreenshot(page, 'a-keeper-settles')
  await touch(tasks.filter({ hasText: 'ST2611' }).getByTestId('answer-in'))
  const settled = { [`main/available ${SYRINGES}`]: 150, 'main/pending glove-m/ST2611': 100 }
  await untilStands(county, 'qinglong', settled)
  await touch(tasks.getByTestId('answer-bind'))
  await keeper.touch('item-cotton-swab')
  await page.getByTestId('bind-lot').fill('MQ2611')
  await page.getByTestId('bind-expiry').fill(stranger.expiry)
  await keeper.touch('bind-send')
  await untilStands(county, 'qinglong', { ...settled, 'main/pending cotton-swab/MQ2611': 40 })
  await tasks.first().waitFor({ state: 'detached' })
})

test('a count that differs is told before it is booked, and taken back', async ({ county, keeper: { page, touch } }) => {
  await touch('go-more')
  await touch('more-count')
  await touch(`pick-${SYRINGES}`)
  await page.getByTestId('count-paper').getByTestId('quantity').fill('148')
  await untilSays(page, 'count-difference', '实物少 2 支')
  await takeScreenshot(page, 'a-keeper-counts')
  await touch('count-send')
  const others = { 'main/pending glove-m/ST2611': 100, 'main/pending cotton-swab/MQ2611': 40 }
  await untilStandsAtNode(county.township('qinglong'), { ...others, [`main/available ${SYRINGES}`]: 148 })
  await touch('undo')
  await untilStandsAtNode(county.township('qinglong'), { ...others, [`main/available ${SYRINGES}`]: 150 })
  await untilHeld(county)
  await untilStands(county, 'qinglong', { ...others, [`main/available ${SYRINGES}`]: 150 })
})

test('what goes to another site gets a number to write on it; what comes is received by one touch', async ({ county, keeper }) => {
  const { page } = keeper
  const hub = await county.hubClient()
  await hub.get('createSite', {
    action: newAction(),
    site: 'baisha',
    name: { zh: '白沙乡卫生院', en: '' },
    zone: 'Asia/Shanghai',
    rooms: [],
  })
  await keeper.touch('go-more')
  await keeper.touch('more-ship')
  await touch(page.getByText('白沙乡卫生院', { exact: true }))
  await keeper.touch(`pick-${SYRINGES}`)
  await keeper.touch('ship-send')
  const number = await page.getByTestId('shipped-doc').textContent()
  await takeScreenshot(page, 'a-keeper-ships')
  const others = { 'main/pending glove-m/ST2611': 100, [`main/available ${SYRINGES}`]: 149 }
  await untilStands(county, 'qinglong', { ...others, 'main/pending cotton-swab/MQ2611': 40 })
  const { rows } = await hub.get('documents', { site: 'baisha' })
  expect(rows).toMatchObject([{ doc: number, from: 'qinglong', to: 'baisha', status: 'open' }])
  await county.announce('qinglong', [newBox('cotton-swab', 'MQ2611', stranger.expiry)], 'ASN-12')
  await keeper.touch('go-more')
  await keeper.touch('more-expected')
  await keeper.touch('expected-receive')
  await untilStands(county, 'qinglong', { ...others, 'main/pending cotton-swab/MQ2611': 80 })
  // What came through the door under another paper waits there to be accepted.
  await page.getByTestId('arrival').filter({ hasText: 'ASN-12' }).waitFor({ state: 'detached' })
  await keeper.touch('came-accept')
  const { 'main/pending glove-m/ST2611': gloves, ...rest } = others
  await untilStands(county, 'qinglong', { ...rest, 'main/available glove-m/ST2611': gloves, 'main/pending cotton-swab/MQ2611': 80 })
  await page.getByTestId('arrival').waitFor({ state: 'detached' })
})

test('what ends in 25 days rings, and somebody takes it on', async ({ keeper }) => {
  const { page } = keeper
  await keeper.touch('go-home')
  await keeper.touch('alarm-banner')
  const alarm = page.getByTestId('alarm').filter({ hasText: 'ZS2611' })
  await expect.poll(() => alarm.textContent()).toContain('还有 25 天到期')
  await touch(alarm.getByTestId('acknowledge'))
  await keeper.touch('take.first-out')
  await until(
    'the alarm to have an owner',
    () => alarm.textContent(),
    (text) => text?.includes('qinglong-1') === true,
  )
  await takeScreenshot(page, 'a-keeper-takes-an-alarm-on')
})

test('the page complained of nothing, and the books are true', async ({ county, keeper: { page, complaints } }) => {
  await expect.poll(() => tooWide(page)).toEqual([])
  expect(complaints()).toEqual([])
  await expect.poll(() => breachesOf(county), { timeout: 90_000 }).toEqual([])
  expect(errorsOf(county)).toEqual([])
})
