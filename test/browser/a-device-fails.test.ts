import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import { closeDatabase, openDatabase } from '@lotkeeper/edge/database.ts'
import { HEALTH_SHAPE, openHealthStore } from '@lotkeeper/edge/devices/store.ts'
import { type DoorAntenna, type DoorFigures, learnCrossing, NO_FIGURES } from '@lotkeeper/edge/devices/walks.ts'
import { expect } from 'vitest'
import { announce, inDays, newBox } from '../acts.ts'
import { DESK, openBrowser, type Page, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, foreignTexts, signInStockroom, tooWide, untilSays } from './pages.ts'

/** The narrowest telephone anybody holds. */
const NARROW = { width: 360, height: 740 }
const TORN = newBox('glove-m', 'ST2611', inDays(900))
const ANTENNAS: readonly DoorAntenna[] = (['inside', 'outside'] as const).map((side) => ({
  ...{ antenna: `door-1-${side}:1`, reader: `door-1-${side}`, port: 1, side, setup: `bb7e 26 ${side}` },
}))

/** A month at the door as its node remembers it: forty sound walks, then twelve with the inside antenna 9 dB down. */
const remember = async (town: Township): Promise<void> => {
  await town.stop()
  mkdirSync(town.home, { recursive: true })
  const db = openDatabase(join(town.home, 'health.sqlite'), HEALTH_SHAPE, { synchronous: 'NORMAL', walPages: 0 })
  const store = openHealthStore(db)
  const now = Date.now()
  let figures: DoorFigures = NO_FIGURES
  for (let walk = 0; walk < 52; walk += 1) {
    const heard = {
      'door-1-inside:1': { reads: walk < 40 ? 24 : 11, peakDbm: walk < 40 ? -44 : -53 },
      'door-1-outside:1': { reads: 22, peakDbm: -46 },
    }
    const atMs = now - (60 - walk) * 3_600_000
    figures = learnCrossing(figures, ANTENNAS, { epc: 'E', atMs, decided: true, heard, away: [], says: 'nothing' }).figures
  }
  store.keep(new Map([['door-1', figures]]), [])
  const inside = { device: 'door-1-inside', antenna: 1, epc: null }
  const weak = { code: 'antenna-weak', ...inside, sinceMs: now - 9 * 3_600_000, facts: { fallDb: 9, left: 46, walks: 10 } } as const
  const torn = {
    code: 'tag-dying',
    ...inside,
    antenna: null,
    epc: TORN.epc,
    sinceMs: now - 7_200_000,
    facts: { times: 4, fallDb: 15 },
  } as const
  const deaf = { code: 'reader-deaf', ...inside, antenna: null, sinceMs: now - 90_000_000, facts: { tags: 4, minutes: 12 } } as const
  for (const finding of [deaf, weak, torn]) store.begin(finding)
  store.end(deaf, now - 88_000_000)
  closeDatabase(db)
  await town.start()
}

const test = countyTest({ nodes: ['qinglong'] }).extend('keeper', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  await announce(county, 'qinglong', [TORN])
  await remember(county.township('qinglong'))
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const page = await browser.openPage(NARROW)
  const complaints = complaintsOf(page)
  await signInStockroom(page, county.township('qinglong').securePage(), '2580')
  return { page, complaints }
})

const look = async (page: Page, name: string): Promise<void> => {
  for (const size of [NARROW, DESK]) {
    await page.setViewportSize(size)
    const height = await page.evaluate(() => document.querySelector('main')?.scrollHeight ?? 0)
    await page.setViewportSize({ ...size, height: Math.min(6_000, Math.max(size.height, height + 200)) })
    await expect.poll(() => tooWide(page)).toEqual([])
    await takeScreenshot(page, `${name}-${size.width}`)
  }
  await page.setViewportSize(NARROW)
}

test('a weak antenna says since when, how much, and what to do; a torn label says which box', async ({ keeper: { page } }) => {
  await page.evaluate(() => {
    window.location.hash = '/devices'
  })
  await untilSays(page, 'device-door-1-inside', '天线变弱')
  await untilSays(page, 'finding', '信号比平常弱 9 dB')
  await untilSays(page, 'finding', '拧紧两头插头')
  await untilSays(page, 'device-door-1-inside', '平常 24 次')
  await untilSays(page, 'device-door-1-outside', '正常')
  await untilSays(page, 'dying-labels', 'ST2611')
  await untilSays(page, 'dying-labels', TORN.epc)
  await look(page, 'a-device-fails')
  await expect.poll(async () => (await foreignTexts(page)).filter((text) => !/Lotkeeper|bb7e|BB7E/.test(text))).toEqual([])
})

test('the alarms say it too, and where to read what to do', async ({ keeper: { page } }) => {
  await page.evaluate(() => {
    window.location.hash = '/alarms'
  })
  await untilSays(page, 'alarm', '1 号天线变弱')
  await untilSays(page, 'alarm', '快读不到了')
})

test('work is recorded by keys alone, and the antenna is learnt anew', async ({ county, keeper: { page } }) => {
  await page.evaluate(() => {
    window.location.hash = '/devices'
  })
  await page.getByTestId('work-door-1-inside').focus()
  await page.keyboard.press('Enter')
  await page.locator('[data-testid=work-paper]:focus-within').waitFor()
  // The cross, then the first choice.
  await page.keyboard.press('Tab')
  for (let step = 0; step < 3; step += 1) await page.keyboard.press('ArrowDown')
  await look(page, 'a-device-is-worked-on')
  await page.keyboard.press('Tab')
  await page.keyboard.type('挂高了一掌')
  await page.keyboard.press('Control+Enter')
  await page.getByTestId('work-paper').waitFor({ state: 'detached' })
  await untilSays(page, 'past', '移动或转动天线')
  await untilSays(page, 'past', '挂高了一掌')
  await page.getByTestId('finding').waitFor({ state: 'detached' })
  await untilSays(page, 'device-door-1-inside', '再走过 30 次就知道平常值')
  await expect
    .poll(() =>
      page
        .getByTestId('device-door-1-inside')
        .getByTestId(/^antenna-/)
        .count(),
    )
    .toBe(1)
  const entries = await until(
    'the county to hold the work',
    async () => (await (await county.hubClient()).get('nodes')).rows.find(({ node }) => node === 'qinglong')?.waiting,
    (waiting) => waiting === 0,
  )
  expect(entries).toBe(0)
})

test('what was lost, found and done is one list; a pulled plug is in it', async ({ county, keeper: { page, complaints } }) => {
  const town = county.township('qinglong')
  await town.doorway.readers.outside.close()
  await untilSays(page, 'device-door-1-outside', '已断开')
  await expect
    .poll(async () => new Set(await page.getByTestId('past').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-is')))))
    .toEqual(new Set(['maintenance', 'finding']))
  await look(page, 'a-device-is-gone')
  expect(complaints()).toEqual([])
})
