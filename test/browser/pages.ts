import type { Login } from '@lotkeeper/deploy/county/county.ts'
import type { Page } from '../browser.ts'
import { until } from '../county.ts'

/**
 * What a page complained of since it was opened: console errors and warnings, thrown errors, requests that failed. Asking who is signed in is
 * answered 401 while nobody is, and the browser itself writes that down: the one line that is no complaint.
 */
export const complaintsOf = (page: Page): (() => readonly string[]) => {
  const complaints: string[] = []
  page.setDefaultTimeout(TOUCH_WITHIN_MS)
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

/** Signs in at a stockroom page by touching the keys of a PIN. */
export const signInStockroom = async (page: Page, address: string, pin: string): Promise<void> => {
  await page.goto(address)
  for (const key of pin) await page.getByTestId(`pin-${key}`).click()
  await page.getByTestId('pin-enter').click()
  await page.getByTestId('go-home').waitFor()
}

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

/** Less than the ten seconds a bar stays over the page: what it covers cannot be touched, and that is found. */
const TOUCH_WITHIN_MS = 8_000
