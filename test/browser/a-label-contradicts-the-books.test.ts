import { expect } from 'vitest'
import { book, inDays } from '../acts.ts'
import { DESK, openBrowser, TELEPHONE, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInCounty, signInStockroom, tooWide, untilSays } from './pages.ts'

const LOT = 'gauze-10x10/SB2611'
const [EARLY, LATE, THIRD] = [inDays(600), inDays(640), inDays(700)]

/** A keeper's telephone and the county's desk, over a lot that two trucks brought with two days on its labels. */
const test = countyTest({ nodes: ['qinglong', 'baisha'] }).extend('people', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const keeper = await browser.openPage(TELEPHONE)
  const desk = await browser.openPage(DESK)
  const complaints = [complaintsOf(keeper), complaintsOf(desk)]
  await signInStockroom(keeper, county.township('qinglong').securePage(), '2580')
  await signInCounty(desk, county.dashboard(), county.login)
  const receive = async (node: string, expiry: string): Promise<void> => {
    const box = { item: 'gauze-10x10', lotNumber: 'SB2611', expiry, room: 'main', quantity: 1, pack: '盒', accept: true, anotherBox: true }
    await book(await county.township(node).client(), 'receive', box)
  }
  const ruling = async (): Promise<readonly (string | null)[]> => {
    const { expiry, days } = await (await county.hubClient()).get('lot', { lot: LOT })
    return [expiry, ...(days?.open ?? [])]
  }
  return { keeper, desk, receive, ruling, complaints: () => complaints.flatMap((one) => one()) }
})

test('a second day on a label is a task; the keeper settles it with the box in hand', async ({ people: { keeper, receive, ruling } }) => {
  await receive('qinglong', LATE)
  await receive('qinglong', EARLY)
  await keeper.getByTestId('go-tasks').click()
  await untilSays(keeper, 'lot-days', EARLY)
  await takeScreenshot(keeper, 'two-days-asked')
  await keeper.getByText(LATE, { exact: true }).last().click()
  await expect.poll(() => keeper.getByTestId('days-send').isDisabled()).toBe(true)
  await keeper.getByText('核对过实物标签', { exact: true }).click()
  await takeScreenshot(keeper, 'two-days-answered')
  await expect.poll(() => tooWide(keeper)).toEqual([])
  await keeper.getByTestId('days-send').click()
  await keeper.getByTestId('lot-days').waitFor({ state: 'detached' })
  await until('the county to know', ruling, ([expiry, ...open]) => expiry === LATE && open.length === 0)
})

test('another site is told another day; the county settles it for all', async ({ people: { keeper, desk, receive, ruling } }) => {
  await receive('baisha', THIRD)
  await untilSays(keeper, 'lot-days', THIRD)
  await until('the county to ask', ruling, (found) => found.length === 3)
  await desk.evaluate(
    (hash) => {
      window.location.hash = hash
    },
    `/lot?lot=${encodeURIComponent(LOT)}`,
  )
  await untilSays(desk, 'lot-days', THIRD)
  await takeScreenshot(desk, 'two-days-at-the-county')
  await desk.getByTestId('days-which').click()
  await desk.getByText(THIRD, { exact: true }).last().click()
  await desk.getByTestId('days-why').fill('厂家来函')
  await desk.getByTestId('days-send').click()
  await until('the day to rule', ruling, ([expiry, ...open]) => expiry === THIRD && open.length === 0)
  await keeper.getByTestId('lot-days').waitFor({ state: 'detached' })
  await takeScreenshot(desk, 'two-days-settled')
})

test('the pages complained of nothing', ({ people: { complaints } }) => {
  expect(complaints()).toEqual([])
})
