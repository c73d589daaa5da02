import type { ScanView } from '@lotkeeper/protocol/api/node.ts'
import { expect, it } from 'vitest'
import { openScanner } from './scanner.ts'

it('gives a code to the screen opened last, and to the one before when that is gone', () => {
  const scanner = openScanner()
  const heard: string[] = []
  const say = (who: string) => (view: ScanView) => void heard.push(`${who} ${view.scan}`)
  const code = (scan: string) => ({ scan }) as ScanView
  scanner.take(code('nobody'))
  const leaveFirst = scanner.follow(say('home'))
  const leaveSecond = scanner.follow(say('receive'))
  scanner.take(code('1'))
  leaveSecond()
  leaveSecond()
  scanner.take(code('2'))
  leaveFirst()
  scanner.take(code('3'))
  expect(heard).toEqual(['receive 1', 'home 2'])
})
