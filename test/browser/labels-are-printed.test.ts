import { expect } from 'vitest'
import { inDays } from '../acts.ts'
import { openBrowser, type Page, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInCounty, signInStockroom, tooWide, touch, untilSays } from './pages.ts'

/** A clerk who prints labels for one township. */
const test = countyTest({ nodes: ['qinglong'] }).extend('desk', { scope: 'file' }, async ({ county }, { onCleanup }) => {
  const browser = await openBrowser()
  onCleanup(() => browser[Symbol.asyncDispose]())
  const page = await browser.openPage()
  const complaints = complaintsOf(page)
  // Nobody answers the printing dialogue of a test; how often it was opened is counted.
  await page.addInitScript(() => {
    window.print = () => {
      document.documentElement.dataset['prints'] = String(Number(document.documentElement.dataset['prints'] ?? 0) + 1)
    }
  })
  await signInCounty(page, county.dashboard(), county.login)
  return { browser, page, complaints, hub: await county.hubClient() }
})

const go = (page: Page, hash: string): Promise<unknown> =>
  page.evaluate((to) => {
    window.location.hash = to
  }, `/${hash}`)
const choose = async (page: Page, field: string, option: string): Promise<void> => {
  await page.getByTestId(field).click()
  await page.locator('.ant-select-item-option', { hasText: option }).last().click()
}
/** What stands on the paper: the modules of each symbol as one path, and every line of text. */
const onPaper = (page: Page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('#label-prints > svg')].map((label) => ({
      path: label.querySelector('path')?.getAttribute('d') ?? label.querySelector('use')?.getAttribute('href') ?? '',
      texts: [...label.querySelectorAll('text')].map((text) => text.textContent ?? ''),
    })),
  )
const untilDrawn = (page: Page, count: number) =>
  until(
    `${count} labels to be drawn`,
    () => page.getByTestId('label-drawn').count(),
    (seen) => seen === count,
    { everyMs: 50 },
  )
const SB = 'SB2611'

test('a label is chosen, seen and printed: the symbol on the paper is the one that was asked for', async ({ desk: { page, hub } }) => {
  await go(page, 'labels?item=gauze-10x10')
  await untilDrawn(page, 1)
  await page.getByTestId('label-lot').fill(SB)
  await page.getByTestId('label-expiry').fill(inDays(640))
  await page.getByTestId('label-copies').fill('2')
  await untilSays(page, 'label-drawn', `(10)${SB}`)
  await takeScreenshot(page, 'labels-plain')
  const { record } = await hub.get('item', { item: 'gauze-10x10' })
  const pack = record.packs.toSorted((one, other) => other.units - one.units)[0]?.pack ?? ''
  const wanted = { item: 'gauze-10x10', pack, lotNumber: SB, expiry: inDays(640), copies: 2 }
  await choose(page, 'label-size', '100 × 70')
  const look = { size: '100x70' as const, dpi: 203 as const, scheme: 'gs1' as const }
  for (const [symbol, words] of [
    ['datamatrix', null],
    ['code128', 'GS1-128'],
    ['qr', '二维码'],
  ] as const) {
    if (words) await choose(page, 'label-symbol', words)
    const asked = { action: 'as-the-hub-draws-it', form: 'svg' as const, ...look, symbol, labels: [wanted], announce: null }
    const drawn = (await hub.get('previewLabels', asked)).rows[0]
    const path = /<path d="([^"]+)"/.exec(drawn?.svg ?? '')?.[1]
    await untilSays(page, 'label-drawn', drawn?.says ?? '')
    await page.getByTestId('label-print').click()
    const paper = await until(
      'the labels to be on the paper',
      () => onPaper(page),
      (labels) => labels[0]?.path === path,
    )
    expect([symbol, paper.length, paper[1]?.path]).toEqual([symbol, 2, '#label-0'])
    expect(paper[0]?.texts.join(' ')).toContain(`(10)${SB}`)
  }
  await expect.poll(() => page.evaluate(() => document.documentElement.dataset['prints'])).toBe('3')
  await expect.poll(async () => (await hub.get('tags', {})).rows).toEqual([])
  // On paper there is nothing but the labels, each on a page of its own size.
  await page.emulateMedia({ media: 'print' })
  await expect
    .poll(() =>
      page.evaluate(() => [...document.body.children].filter((one) => getComputedStyle(one).display !== 'none').map(({ id }) => id)),
    )
    .toEqual(['label-prints'])
  await expect.poll(() => page.locator('#label-prints > style').textContent()).toContain('100mm 70mm')
  await page.emulateMedia({ media: null })
})

test('tags are registered by the act that prints them; a jammed roll is printed again, at once and later from the list, and nothing is registered', async ({
  desk: { page, hub },
}) => {
  await go(page, 'labels')
  await page.getByTestId('label-wish').waitFor({ state: 'detached' })
  await go(page, 'labels?item=gauze-10x10')
  await untilDrawn(page, 1)
  await page.getByTestId('label-lot').fill(SB)
  await page.getByTestId('label-copies').fill('2')
  await page.getByTestId('label-kind-announce').click()
  await choose(page, 'label-site', '青龙')
  await page.getByTestId('label-doc').fill('ASN-77')
  await untilDrawn(page, 2)
  await page.getByTestId('label-print').click()
  const registered = await until(
    'two tags to be registered',
    async () => (await hub.get('tags', {})).rows,
    (rows) => rows.length === 2,
  )
  for (const { epc } of registered) await untilSays(page, 'label-drawn', epc)
  await page.getByTestId('label-jammed').waitFor()
  await page.getByTestId('label-print').click()
  await until(
    'it to be printed again',
    () => page.evaluate(() => document.documentElement.dataset['prints']),
    (times) => times === '5',
  )
  await takeScreenshot(page, 'labels-tags')
  const past = page.getByTestId('label-act')
  await past.waitFor()
  await past.getByTestId('label-again').click()
  await page.getByTestId('label-reprinting').waitFor()
  await untilDrawn(page, 2)
  await choose(page, 'label-size', '80')
  await page.getByTestId('label-print').click()
  await until(
    'the roll to be printed again',
    async () => page.locator('#label-prints > style').textContent(),
    (style) => style?.includes('80mm 50mm') === true,
  )
  await expect.poll(async () => (await onPaper(page)).map(({ texts }) => texts.find((text) => text.startsWith('(21)'))).length).toBe(2)
  await expect.poll(async () => (await hub.get('tags', {})).rows).toEqual(registered)
})

test('what a bitmap cannot carry, and a pack that has no code, is said before anything is printed', async ({ desk: { page } }) => {
  await go(page, 'labels')
  await page.getByTestId('label-wish').waitFor({ state: 'detached' })
  await go(page, 'labels?item=gauze-10x10')
  await untilDrawn(page, 1)
  await choose(page, 'label-form', 'PDF')
  await untilSays(page, 'label-note', '画不了中文')
  await choose(page, 'label-scheme', '本地码')
  await untilSays(page, 'trouble', 'labels.code-missing')
  await expect.poll(() => page.getByTestId('label-print').isDisabled()).toBe(true)
  await expect.poll(() => tooWide(page)).toEqual([])
})

test('a keeper replaces a label by scanning old and new, and retires one; the county sees the life of each', async ({ desk, county }) => {
  const { page, hub, browser } = desk
  const [old, other] = (await hub.get('tags', {})).rows.map(({ epc }) => epc)
  const keeper = await browser.openPage()
  await signInStockroom(keeper, county.township('qinglong').page(), '2580')
  await keeper.getByTestId('go-more').click()
  await keeper.getByTestId('more-tags').click()
  const scan = async (code: string): Promise<void> => {
    await keeper.getByTestId('code').fill(code)
    await touch(keeper.getByTestId('code-send'))
  }
  await until(
    'the node to know the tag',
    async () => (await (await county.township('qinglong').client()).get('scan', { action: 'scan-tag-1', text: old ?? '' })).lot,
    (lot) => lot !== null,
  )
  await scan(old ?? '')
  await untilSays(keeper, 'tag-old', SB)
  await scan('F7006901234567892280C0FFEE123456')
  await untilSays(keeper, 'tag-new', 'C0FFEE')
  await touch(keeper.getByText('标签破损'))
  await takeScreenshot(keeper, 'a-keeper-replaces-a-tag')
  await touch(keeper.getByTestId('tag-send'))
  await keeper.getByTestId('retag').waitFor()
  await touch(keeper.getByText('撕掉、丢失'))
  await scan(other ?? '')
  await untilSays(keeper, 'tag-old', SB)
  await touch(keeper.getByText('随空箱丢弃'))
  await touch(keeper.getByTestId('tag-send'))
  await until(
    'two changes to stand there',
    () => keeper.getByTestId('retag').count(),
    (count) => count === 2,
  )
  await touch(keeper.getByTestId('retag-undo').first())
  await keeper.getByTestId('retag-undo-paper').getByTestId('reason').fill('找到了')
  await touch(keeper.getByTestId('retag-undo-paper').getByTestId('reason-send'))
  await until(
    'the county to hear of it',
    async () => (await hub.get('tags', {})).rows.map(({ state }) => state).toSorted(),
    (states) => states.join() === 'live,live,replaced',
  )
  await go(page, `tags?epc=${old}`)
  await untilSays(page, 'tag-event', '换下')
  await takeScreenshot(page, 'tag-life')
  await expect
    .poll(() => page.getByTestId('tag-event').evaluateAll((all) => all.map((one) => one.getAttribute('data-what'))))
    .toEqual(['replaced', 'registered'])
  // A refusal that was provoked is written down by the browser itself.
  expect(desk.complaints().filter((line) => !(line.includes('409') && line.endsWith('/api/labels/preview')))).toEqual([])
})
