import { expect, test } from 'vitest'
import { openBrowser, TELEPHONE, takeScreenshot } from '../../browser.ts'

const WORDS = '一次性使用无菌注射器 批号 效期 入库 出库 盘点 罕见字：瓩 镕'

test('the browser of the tests draws Chinese, every letter its own', async () => {
  await using browser = await openBrowser()
  const page = await browser.openPage(TELEPHONE)
  await page.setContent(
    `<html lang="zh-CN"><body style="font: 24px sans-serif"><h1>县域耗材库存 Lotkeeper</h1><p>${WORDS}</p><b>2028-08-31</b>`,
  )
  await takeScreenshot(page, 'chinese-is-drawn')
  // A letter the fonts lack is drawn as the same empty box as any other letter they lack.
  const drawn = await page.evaluate(drawnLetters, [...new Set(`${WORDS}\u{10ffff}`.replaceAll(' ', ''))])
  expect(new Set(drawn).size).toBe(drawn.length)
  await expect.poll(() => page.evaluate(() => navigator.language)).toBe('zh-CN')
})

const drawnLetters = (letters: readonly string[]): readonly string[] =>
  letters.map((letter) => {
    const canvas = document.createElement('canvas')
    canvas.width = canvas.height = 40
    const context = canvas.getContext('2d')
    if (context === null) throw new Error('no canvas')
    context.font = '24px sans-serif'
    context.fillText(letter, 8, 28)
    return canvas.toDataURL()
  })
