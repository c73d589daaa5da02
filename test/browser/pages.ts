import type { Login } from '@lotkeeper/deploy/county/county.ts'
import { NODE_EVENTS_PATH } from '@lotkeeper/protocol/api/node.ts'
import type { Page } from '../browser.ts'
import { until } from '../county.ts'

/**
 * What a page complained of since it was opened: console errors and warnings, thrown errors, requests that failed. Asking who is signed in is
 * answered 401 while nobody is, and the browser itself writes that down: the one line that is no complaint.
 */
export const complaintsOf = (page: Page): (() => readonly string[]) => {
  const complaints: string[] = []
  page.setDefaultTimeout(SHOWN_WITHIN_MS)
  page.on('console', (message) => {
    const { url } = message.location()
    if (message.text().includes('401') && url.endsWith('/api/session')) return
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(`${message.type()}: ${message.text()} ${url}`)
  })
  page.on('pageerror', (error) => void complaints.push(`thrown: ${error.message}`))
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText ?? ''
    // A page that is left takes its open questions with it.
    if (why !== 'net::ERR_ABORTED') complaints.push(`failed: ${request.url()} ${why}`)
  })
  return () => complaints
}

/** Signs in at the county's page as a person does. */
export const signInCounty = async (page: Page, address: string, { user, password }: Login): Promise<void> => {
  await page.goto(address)
  await page.getByTestId('sign-in-user').fill(user)
  await page.getByTestId('sign-in-password').fill(password)
  await page.getByTestId('sign-in-submit').click()
  await page.getByTestId('sites').waitFor()
}

/** Signs in at a stockroom page by touching the keys of a PIN; settles when the page listens to its node, for what is scanned before is lost. */
export const signInStockroom = async (page: Page, address: string, pin: string): Promise<void> => {
  const listening = page.waitForResponse((response) => new URL(response.url()).pathname === NODE_EVENTS_PATH && response.ok())
  await page.goto(address)
  for (const key of pin) await page.getByTestId(`pin-${key}`).click()
  await page.getByTestId('pin-enter').click()
  await page.getByTestId('go-home').waitFor()
  await listening
}

/**
 * Touches what the page shows, as soon as it is there. The bar that tells what was booked stays over the page for ten seconds: what it covers cannot
 * be touched in less, and that is found.
 */
export const touch = async (shown: ReturnType<Page['getByTestId']>): Promise<void> => {
  await shown.waitFor()
  await shown.click({ timeout: TOUCH_WITHIN_MS })
}

/** Touches until what was touched is gone: a paper that still moves, on a busy machine, is not always where the touch was aimed. */
export const touchAway = (shown: ReturnType<Page['getByTestId']>): Promise<unknown> =>
  until(
    'it to be gone',
    async () => {
      const gone = () => shown.waitFor({ state: 'detached', timeout: AGAIN_MS })
      await shown
        .click({ timeout: AGAIN_MS })
        .then(gone, () => undefined)
        .catch(() => undefined)
      return shown.count()
    },
    (count) => count === 0,
  )
const AGAIN_MS = 2_000

/** Waits until what is typed goes into a field. */
export const untilField = (page: Page): Promise<unknown> =>
  until(
    'a field to have the cursor',
    () => page.evaluate(() => document.activeElement?.matches('input, textarea') === true),
    (has) => has,
    { everyMs: 50 },
  )

/** Waits until an element of the page says this. */
export const untilSays = (page: Page, testId: string, words: string): Promise<unknown> =>
  until(
    `the page to say ${words} at ${testId}`,
    () => page.getByTestId(testId).allTextContents(),
    (seen) => seen.some((text) => text?.includes(words)),
    { everyMs: 50 },
  )

/**
 * What is wider than the window: the page itself (it scrolls sideways), or anything on its screen that sticks out of it without a box of its own
 * that scrolls or cuts.
 */
export const tooWide = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const isCut = (element: Element | null): boolean =>
      element !== null && element.tagName !== 'MAIN' && (getComputedStyle(element).overflowX !== 'visible' || isCut(element.parentElement))
    const wide = [...document.querySelectorAll('main *')].filter(
      (element) => element.getBoundingClientRect().right > width + 1 && !isCut(element.parentElement),
    )
    const whole = document.documentElement.scrollWidth > width ? [`the page: ${document.documentElement.scrollWidth} px`] : []
    return [...whole, ...wide.map((element) => `${element.tagName} ${element.className} ${element.textContent?.slice(0, 40)}`)]
  })

/** Texts a reader of Chinese would stumble over: two English words and more in a row, anywhere on the page. */
export const foreignTexts = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const seen: string[] = []
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
    for (let node = walker.nextNode(); node !== null; node = walker.nextNode()) {
      const text = node.textContent?.trim() ?? ''
      if (/[A-Za-z]{2,} [A-Za-z]{2,}/.test(text) && !node.parentElement?.closest('script, style')) seen.push(text)
    }
    return seen
  })

const TOUCH_WITHIN_MS = 8_000
/** What a page shows may have come through several houses. */
const SHOWN_WITHIN_MS = 30_000
