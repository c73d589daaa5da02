import { expect, it } from 'vitest'
import { clip } from './clip.ts'

it.each([
  ['青龙镇卫生院', 8, '青龙镇卫生院'],
  ['河口镇中心卫生院', 6, '河口镇中心卫…'],
  ['Baisha Township Hospital', 8, 'Baisha Townshi…'],
  ['Baisha Township Hospital', 8.5, 'Baisha Township…'],
  ['', 3, ''],
])('%s in the room of %d signs', (text, wide, clipped) => expect(clip(text, wide)).toBe(clipped))
