import { expect } from 'vitest'
import { announce, book, carry, inDays, newBox } from '../acts.ts'
import { openBrowser, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, signInCounty, untilSays } from './pages.ts'

const test = countyTest({ nodes: ['qinglong'] })
const box = newBox('gauze-10x10', 'B2611', inDays(600))
const LOT = 'gauze-10x10/B2611'

test('a box is carried in and the number on the county dashboard changes, without a reload; its journey grows while one looks', async ({
  county,
}) => {
  const town = county.township('qinglong')
  await using browser = await openBrowser()
  const page = await browser.openPage()
  const complaints = complaintsOf(page)
  await signInCounty(page, county.dashboard(), county.login)
  await untilSays(page, 'site-qinglong-units', '0')
  await page.evaluate(() => document.body.setAttribute('data-same-page', 'yes'))

  await announce(county, 'qinglong', [box], 'ASN-10')
  await untilSays(page, 'site-qinglong-transit', '100')
  await carry(town, 'in', [box])
  await untilSays(page, 'site-qinglong-units', '100')
  await untilSays(page, 'site-qinglong-transit', '0')
  await untilSays(page, 'feed', 'B2611')
  await takeScreenshot(page, 'the-county-sees-a-box')

  await page.getByTestId('site-qinglong').getByRole('link').click()
  const row = page.getByTestId('row').filter({ hasText: 'B2611' })
  await row.waitFor()
  await expect.poll(() => row.textContent()).toContain('医用纱布块')
  await row.getByRole('link', { name: 'B2611' }).click()
  await untilSays(page, 'lot-on-hand', '100')
  const steps = page.getByTestId('journey').getByRole('listitem')
  await until(
    'the journey to tell the registration and the receipt',
    () => steps.allTextContents(),
    ({ length }) => length === 2,
  )
  await book(await town.client(), 'accept', { lot: LOT, room: 'main', units: 100 })
  const told = await until(
    'the journey to tell the acceptance',
    () => steps.allTextContents(),
    ({ length }) => length === 3,
  )
  expect(told.join(' ')).toContain('验收')
  await page.getByTestId('prove').first().click()
  await until(
    'the page to have reckoned the proof itself',
    () => page.getByTestId('proof').getAttribute('data-holds'),
    (holds) => holds === 'true',
  )
  await takeScreenshot(page, 'the-journey-of-a-lot')
  await expect.poll(() => page.evaluate(() => document.body.getAttribute('data-same-page'))).toBe('yes')
  expect(complaints()).toEqual([])
})
