import { expect } from 'vitest'
import { DESK, openBrowser, TELEPHONE, takeScreenshot } from '../browser.ts'
import { countyTest, until } from '../county.ts'
import { complaintsOf, foreignTexts, signInCounty, signInStockroom, tooWide } from './pages.ts'

const test = countyTest({ nodes: ['qinglong', 'baisha'] })

test('the county renews a certificate, hands out a code, and shuts a lost node out with one click and one yes', {
  timeout: 120_000,
}, async ({ county }) => {
  await using browser = await openBrowser()
  for (const [name, size] of [
    ['desk', DESK],
    ['telephone', TELEPHONE],
  ] as const) {
    const page = await browser.openPage(size)
    const complaints = complaintsOf(page)
    await signInCounty(page, String(county.hub().ready['https']), county.login)
    await page.goto(`${county.hub().ready['https']}/#/node-certificates`)
    const state = () => page.getByTestId('cert-qinglong').getAttribute('data-state')
    await until('the row of the node', state, (seen) => seen !== null)
    if (name === 'desk') {
      await expect.poll(() => state()).toBe('valid')
      await page.getByTestId('cert-qinglong-renew').click()
      await page.getByText('已通知').waitFor()
      await takeScreenshot(page, 'node-certificates-desk')
      await page.getByTestId('cert-baisha-code').click()
      await page.getByTestId('cert-code-make').click()
      await page.getByTestId('enrol-code-text').waitFor()
      await expect.poll(() => page.getByTestId('enrol-code-text').textContent()).toMatch(/^baisha\./)
      await takeScreenshot(page, 'node-certificates-code')
      await page.keyboard.press('Escape')
      await page.getByTestId('enrol-code-text').waitFor({ state: 'detached' })
      await page.getByTestId('cert-qinglong-shut').click()
      await page.getByTestId('cert-shut-send').waitFor()
      await takeScreenshot(page, 'node-certificates-shut')
      await page.getByTestId('cert-shut-send').click()
    }
    await until('the node to be shut out', state, (seen) => seen === 'revoked')
    await expect.poll(async () => [await tooWide(page), await foreignTexts(page)]).toEqual([[], []])
    await takeScreenshot(page, `node-certificates-${name}-after`)
    expect(complaints()).toEqual([])
  }
  const tablet = await browser.openPage(TELEPHONE)
  await signInStockroom(tablet, county.township('baisha').securePage(), '2580')
  await expect.poll(() => tablet.getByTestId('certificate').count()).toBe(0)
})
