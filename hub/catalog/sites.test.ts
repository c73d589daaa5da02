import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { expect, it } from 'vitest'
import { SITES } from './sites.ts'

const name = { zh: '青龙', en: 'Qinglong' }
const site = (...rooms: readonly string[]) => ({
  ...{ action: 'site-0001', site: 'qinglong', name, zone: 'Asia/Shanghai' },
  rooms: rooms.map((room) => ({ room, name, use: 'store' as const })),
})
const stocked = [{ room: 'main', lot: 'gauze/B1', units: -3 }]
const node = { node: 'qinglong', online: false, owner: 'qinglong', tip: null, stocked }
const facts = {
  items: [],
  sites: [{ ...site('main', 'clinic'), version: 1 }],
  lots: [],
  epcs: [],
  nodes: [node],
  records: [],
  codes: [],
  provisionals: [],
  openings: [],
  standing: [],
}

it.each([
  ['a room that is not empty', ['clinic'], 'catalog.room-stocked'],
  ['all of them', [], 'catalog.room-stocked'],
  ['an empty room', ['main'], 'made'],
  ['nothing', ['main', 'clinic', 'new'], 'made'],
])('a site changed to drop %s', (_what, rooms, outcome) => {
  const judged = SITES.judge(site(...rooms), facts)
  expect(isRefusal(judged) ? judged.code : 'made').toBe(outcome)
  if (isRefusal(judged)) expect(judged.facts).toEqual({ room: 'main', lot: 'gauze/B1', units: -3 })
})
