import { expect, it } from 'vitest'
import { site } from '../live/fixtures.ts'
import { freshest } from './freshest.ts'

const node = (change: Partial<ReturnType<typeof site>['node']>) => ({ ...site('aa').node, ...change })
const digest = (minute: string, same: boolean) => ({ at: `2026-11-22T03:${minute}:00.000Z`, same })

it('takes the link from the live view, and what the county decided from the answer', () => {
  const asked = node({ state: 'online', passedTo: 'bb', witnessed: 9, digest: digest('05', false) })
  const live = node({ state: 'offline', passedTo: null, witnessed: null, digest: digest('04', true) })
  expect(freshest(asked, live)).toMatchObject({ state: 'offline', passedTo: 'bb', witnessed: 9, digest: { same: false } })
})
it('keeps a later comparison that came live', () => {
  expect(freshest(node({ digest: digest('04', false) }), node({ digest: digest('05', true) })).digest?.same).toBe(true)
})
it('is the answer where nothing came live', () => {
  const asked = node({ held: 7 })
  expect(freshest(asked, undefined)).toBe(asked)
})
