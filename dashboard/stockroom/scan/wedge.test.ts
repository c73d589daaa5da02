import { describe, expect, it } from 'vitest'
import { GS, openWedge, type WedgeKey } from './wedge.ts'

const PLAIN = { ctrl: false, alt: false, meta: false, shift: false }
const key = (sign: string, change: Partial<WedgeKey> = {}): WedgeKey => ({ key: sign, code: '', ...PLAIN, ...change })
const ENTER = key('Enter')

/** Types keys at so many ms each and tells what codes came out. */
const typed = (keys: readonly WedgeKey[], everyMs = 8): string[] => {
  const wedge = openWedge()
  return keys.flatMap((one, index) => {
    const step = wedge.key(one, index * everyMs)
    return step.is === 'code' ? [step.text] : []
  })
}
const signs = (text: string): WedgeKey[] => [...text].map((sign) => key(sign))

describe('a keyboard wedge', () => {
  it.each([
    ['a code and Enter', [...signs('0106901234500018'), ENTER], ['0106901234500018']],
    ['a code and Tab', [...signs('ABC'), key('Tab')], ['ABC']],
    ['two codes', [...signs('A1'), ENTER, ...signs('B2'), ENTER], ['A1', 'B2']],
    ['Enter alone', [ENTER, ENTER], []],
    ['no end', signs('A1'), []],
    ['an AIM identifier in front', [...signs(']C10106901234500018'), ENTER], [']C10106901234500018']],
  ])('%s', (_what, keys, codes) => expect(typed(keys)).toEqual(codes))

  it.each([
    ['control-]', key(']', { ctrl: true, code: 'BracketRight' })],
    ['control and the bracket key of another layout', key('ö', { ctrl: true, code: 'BracketRight' })],
    ['F8', key('F8')],
    ['the sign itself', key(GS)],
  ])('takes the separator as %s', (_what, separator) => {
    expect(typed([...signs('10B25'), separator, ...signs('17261204'), ENTER])).toEqual([`10B25${GS}17261204`])
  })

  it('ends at Enter however slow the scanner types, never at a pause', () => {
    expect(typed([...signs('0106901234500018'), ENTER], 900)).toEqual(['0106901234500018'])
  })
  it('drops what nobody ended when the next code comes much later', () => {
    const wedge = openWedge()
    wedge.key(key('x'), 0)
    for (const [index, one] of signs('A1').entries()) wedge.key(one, 60_000 + index)
    expect(wedge.key(ENTER, 60_010)).toEqual({ is: 'code', text: 'A1' })
  })
  it('is not fooled by a Chinese input method that hides the sign', () => {
    const hidden = [
      key('Process', { code: 'KeyB', shift: true }),
      key('Process', { code: 'Digit2' }),
      key('Process', { code: 'Keyx'.toUpperCase() }),
      key('Process', { code: 'Numpad5' }),
      key('Process', { code: 'Minus' }),
      key('Process', { code: 'Digit9', shift: true }),
      key('Process', { code: 'KeyA' }),
    ]
    expect(typed([...hidden, ENTER])).toEqual(['B25-(a'])
  })
  it('leaves other keys alone: shortcuts, arrows, shift itself', () => {
    const wedge = openWedge()
    for (const other of [
      key('r', { ctrl: true }),
      key('ArrowDown'),
      key('Shift'),
      key('a', { alt: true }),
      key('v', { meta: true }),
      key('F5'),
    ]) {
      expect(wedge.key(other, 0)).toEqual({ is: 'foreign' })
    }
    expect(wedge.text()).toBe('')
  })
  it('is emptied by Esc, and shows what was typed so far', () => {
    const wedge = openWedge()
    expect(wedge.key(key('A'), 0)).toEqual({ is: 'typed', text: 'A' })
    expect(wedge.key(key('Escape'), 1)).toEqual({ is: 'cleared' })
    expect(wedge.key(key('Escape'), 2)).toEqual({ is: 'foreign' })
    expect(wedge.key(ENTER, 3)).toEqual({ is: 'foreign' })
  })
  it('never grows without end', () => {
    const wedge = openWedge()
    for (let index = 0; index < 1_000; index += 1) wedge.key(key('9'), index)
    expect(wedge.text().length).toBeLessThanOrEqual(300)
    wedge.clear()
    expect(wedge.text()).toBe('')
  })
})
