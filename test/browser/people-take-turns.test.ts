import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startHouse } from '@lotkeeper/deploy/county/house.ts'
import { hashPin } from '@lotkeeper/edge/crypto.ts'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Browser, DESK, openBrowser, type Page, TELEPHONE, takeScreenshot } from '../browser.ts'
import { complaintsOf, foreignTexts, tooWide } from './pages.ts'

const DAY_MS = 86_400_000
const PEOPLE = [
  { keeper: 'u-wang', name: '王芳', pinHash: hashPin('2468'), role: 'keeper' },
  { keeper: 'u-li', name: '李强', pinHash: hashPin('2468'), role: 'keeper' },
  { keeper: 'u-gu', name: '古丽巴哈尔·买买提', pinHash: hashPin('1357'), role: 'assistant' },
]

/** A node that was told its people and then heard nothing of the county for ten days. */
const openLonely = async () => {
  const home = mkdtempSync(join(tmpdir(), 'lotkeeper-lonely-'))
  const pages = join(import.meta.dirname, '../../dashboard/dist')
  writeFileSync(join(home, 'edge.json'), JSON.stringify({ node: 'qinglong', httpPort: 0, httpsPort: 0, pages }))
  mkdirSync(join(home, 'keys'), { mode: 0o700 })
  const at = new Date(Date.now() - 10.5 * DAY_MS).toISOString()
  const told = { version: 7, digest: 'A'.repeat(64), keepers: PEOPLE.map(({ keeper, role }) => ({ keeper, role })) }
  const since = Object.fromEntries(PEOPLE.map(({ keeper }) => [keeper, 0]))
  const kept = { told, roster: { version: 7, at, keepers: PEOPLE }, since, checkedAt: at }
  writeFileSync(join(home, 'keys/roster.json'), JSON.stringify(kept), { mode: 0o600 })
  const node = await startHouse({ name: 'qinglong', args: ['edge', '--home', home] })
  const close = async () => {
    await node.stop()
    rmSync(home, { recursive: true })
  }
  return { page: String(node.ready['http']), close }
}

let browser: Browser
let node: Awaited<ReturnType<typeof openLonely>>
beforeAll(async () => {
  node = await openLonely()
  browser = await openBrowser()
})
afterAll(async () => {
  await browser?.[Symbol.asyncDispose]()
  await node?.close()
})

const signIn = async (page: Page, keeper: string, pin: string): Promise<void> => {
  await page.getByTestId(`person-${keeper}`).click()
  for (const key of pin) await page.getByTestId(`pin-${key}`).click()
  await page.getByTestId('pin-enter').click()
}

test.for([
  ['desk', DESK],
  ['telephone', TELEPHONE],
] as const)('on a %s one chooses a name, gives the PIN, and gives way to the next', async ([name, size]) => {
  const page = await browser.openPage(size)
  const complaints = complaintsOf(page)
  await page.goto(node.page)
  await page.getByTestId('person-u-wang').waitFor()
  const age = page.getByTestId('roster-age')
  await expect
    .poll(async () => [await age.textContent(), await age.getAttribute('data-worry')])
    .toEqual([expect.stringContaining('县里 10 天前的'), 'old'])
  await takeScreenshot(page, `people-tiles-${name}`)
  await expect.poll(async () => [await tooWide(page), await foreignTexts(page)]).toEqual([[], []])
  await page.getByTestId('person-u-gu').click()
  await expect.poll(() => page.getByTestId('chosen').textContent()).toContain('古丽巴哈尔')
  await takeScreenshot(page, `people-pin-${name}`)
  await page.getByTestId('person-back').click()

  await signIn(page, 'u-wang', '2468')
  await page.getByTestId('go-home').waitFor()
  await expect.poll(() => page.getByTestId('sign-out').textContent()).toContain('换人')
  await takeScreenshot(page, `people-home-${name}`)
  await expect.poll(() => tooWide(page)).toEqual([])
  await page.getByTestId('sign-out').click()
  await signIn(page, 'u-li', '2468')
  await page.getByTestId('go-home').waitFor()
  await expect.poll(() => page.getByTestId('sign-out').getAttribute('aria-label')).toContain('李强')
  expect(complaints()).toEqual([])
  await page.context().close()
})

/** Time goes on at the page only when it is told to: how long the test takes is not counted. */
const stopClock = async (page: Page): Promise<void> => page.clock.pauseAt((await page.evaluate(() => Date.now())) + 120_000)

test.for([
  ['desk', DESK],
  ['telephone', TELEPHONE],
] as const)('on a %s nobody touches, the page counts down and signs out; a touch keeps it', async ([name, size]) => {
  const page = await browser.openPage(size)
  await page.clock.install()
  await page.goto(node.page)
  await signIn(page, 'u-wang', '2468')
  await page.getByTestId('go-home').waitFor()
  await stopClock(page)
  await page.keyboard.press('Shift')
  await page.clock.fastForward('14:20')
  const hint = page.getByTestId('idle-hint')
  await hint.waitFor()
  await expect.poll(() => hint.textContent()).toMatch(/没有人操作，[34]\d 秒后自动退出/)
  await takeScreenshot(page, `people-idle-${name}`)
  await page.getByTestId('idle-stay').click()
  await hint.waitFor({ state: 'detached' })
  await page.clock.fastForward('14:30')
  await hint.waitFor()
  await page.clock.fastForward('00:40')
  await page.getByTestId('person-u-wang').waitFor()
  await expect.poll(async () => (await page.context().cookies()).filter(({ name: cookie }) => cookie.startsWith('lotkeeper-'))).toEqual([])
  await page.context().close()
})

test('a page whose node did not answer at first counts down all the same', async () => {
  const page = await browser.openPage(DESK)
  await page.clock.install()
  await page.goto(node.page)
  await page.getByTestId('person-u-wang').waitFor()
  let torn = 0
  await page.route('**/api/people', async (route) => {
    torn += 1
    await route.abort()
  })
  await signIn(page, 'u-wang', '2468')
  await page.getByTestId('go-home').waitFor()
  await expect.poll(() => torn).toBeGreaterThan(0)
  await page.unroute('**/api/people')
  await page.clock.fastForward('14:20')
  await page.getByTestId('idle-hint').waitFor()
  await page.context().close()
})
