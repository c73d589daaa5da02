import { describe, expect, it } from 'vitest'
import { newAction } from './action.ts'

/** What the routes take as an action. */
const ACTION = /^[A-Za-z0-9._:~-]{8,64}$/

describe('an action id', () => {
  it('keeps the form the routes ask for', () => {
    for (let round = 0; round < 50; round += 1) expect(newAction()).toMatch(ACTION)
  })
  it('never repeats', () => {
    expect(new Set(Array.from({ length: 2_000 }, () => newAction())).size).toBe(2_000)
  })
  it('is written whole, also where bytes are small', () => {
    expect(newAction((bytes) => bytes.fill(7))).toBe(`page.${'07'.repeat(12)}`)
    expect(newAction((bytes) => bytes.fill(255))).toBe(`page.${'ff'.repeat(12)}`)
  })
})
