import { type County, DEMO_LOGIN } from '@lotkeeper/deploy/county/county.ts'
import type { Page } from '../browser.ts'
import { openLiveClient } from '../journeys/live.ts'

/** What was seen of a county's board in a browser. */
export interface Board {
  /** The row of each received lot, by lot number. */
  readonly shown: () => Promise<ReadonlyMap<string, Shown>>
  /** How long the same page took, again and again meanwhile, to paint a change that costs nothing. */
  readonly paintsMs: () => Promise<readonly number[]>
}

/** The board, signed in, with an eye on its feed: each new row is noted when the frame that shows it has been painted. */
export const openBoard = async (page: Page, county: County): Promise<Board> => {
  await page.goto(county.dashboard())
  await page.getByTestId('sign-in-user').fill(DEMO_LOGIN.user)
  await page.getByTestId('sign-in-password').fill(DEMO_LOGIN.password)
  await page.getByTestId('sign-in-submit').click()
  await page.getByTestId('feed').waitFor()
  await page.evaluate(() => {
    const seen: Shown[] = []
    const paints: number[] = []
    Object.assign(window, { seen, paints })
    const note = (row: Element) => {
      const lotNumber = row.querySelector('.kind-receive') ? row.querySelector('.mono')?.textContent : null
      // The task after a frame's callback runs when that frame has been painted.
      const inPageMs = Date.now()
      if (lotNumber) requestAnimationFrame(() => setTimeout(() => seen.push({ lotNumber, inPageMs, paintedMs: Date.now() })))
    }
    const look = new MutationObserver((changes) => {
      for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) note(node)
    })
    const feed = document.querySelector('[data-testid=feed]')
    if (feed) look.observe(feed, { childList: true })
    // The limit: how long this browser takes to paint one letter that costs nothing.
    const letter = document.body.appendChild(document.createElement('span'))
    setInterval(() => {
      const from = performance.now()
      letter.textContent = letter.textContent === '.' ? ',' : '.'
      requestAnimationFrame(() => setTimeout(() => paints.push(performance.now() - from)))
    }, 1_030)
  })
  return {
    shown: async () => new Map((await page.evaluate(() => (window as unknown as Noted).seen)).map((row) => [row.lotNumber, row])),
    paintsMs: () => page.evaluate(() => (window as unknown as Noted).paints),
  }
}

/** When a row came to stand in the page, and when the frame that shows it had been painted; ms of the wall clock. */
export interface Shown {
  readonly lotNumber: string
  readonly inPageMs: number
  readonly paintedMs: number
}
interface Noted {
  readonly seen: readonly Shown[]
  readonly paints: readonly number[]
}

/** A peer of the board: a plain Socket.io client, which notes when it was told of a received lot. */
export const openListener = async (scope: AsyncDisposableStack, county: County): Promise<ReadonlyMap<string, number>> => {
  const heard = new Map<string, number>()
  const live = await openLiveClient(county, null, ({ movements }) => {
    for (const { kind, lotNumber } of movements) if (kind === 'receive') heard.set(lotNumber, Date.now())
  })
  scope.use(live)
  await live.snapshot()
  return heard
}
