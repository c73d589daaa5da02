import { describe, expect, it } from 'vitest'
import { keepsKey, wishOfKey } from './keys.ts'

const pressed = (key: string, more: object = {}) =>
  wishOfKey({ key, altKey: false, ctrlKey: false, metaKey: false, isComposing: false, repeat: false, ...more })

describe('a key in the list of rows', () => {
  it.each([
    ['ArrowDown', { is: 'move', by: 1 }],
    ['ArrowLeft', { is: 'filter', by: -1 }],
    ['PageUp', { is: 'turn', to: 'back' }],
    ['3', { is: 'choose', at: 2 }],
    ['n', { is: 'new' }],
    ['0', { is: 'new' }],
    ['g', { is: 'go' }],
    ['Enter', { is: 'commit' }],
    ['Escape', null],
    ['x', null],
    ['constructor', null],
  ] as const)('%s', (key, wish) => expect(pressed(key)).toEqual(wish))
  it('that belongs to the browser or to a pinyin being typed means nothing', () => {
    for (const more of [{ ctrlKey: true }, { altKey: true }, { metaKey: true }, { isComposing: true }])
      expect(pressed('1', more)).toBeNull()
  })
  it('held down writes nothing', () => expect(pressed('Enter', { repeat: true })).toBeNull())
  it('is left to the field that is typed in, and Enter to what is pressed by it', () => {
    expect([keepsKey('INPUT', '1'), keepsKey('TEXTAREA', 'n'), keepsKey('BUTTON', 'Enter'), keepsKey('A', 'Enter')]).toEqual([
      ...[true, true, true, true],
    ])
    expect([keepsKey('BUTTON', 'ArrowDown'), keepsKey('LI', 'Enter'), keepsKey('BODY', 'Enter')]).toEqual([false, false, false])
  })
})
