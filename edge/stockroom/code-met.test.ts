import { NODE_ROUTES } from '@lotkeeper/protocol/api/node.ts'
import { checkDigitOf } from '@lotkeeper/protocol/codes/check-digit.ts'
import { STREAM_TO_ALL } from '@lotkeeper/protocol/names.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { taskView } from '../page/views.ts'
import { decideCodeMet } from './code-met.ts'
import { codeOf, GAUZE, openSite, type Site } from './fixtures/site.ts'

const gtin = (digits: string) => `${digits}${checkDigitOf(digits)}`
const STRANGER = gtin('0690123499999')
const SCAN = `]d201${STRANGER}1728020010B9`
const MA = 'MA.156.M0.AB12CD34.EF567890.LB9'
const check = Compile(NODE_ROUTES.tasks.answer)
let actions = 0
const action = () => {
  actions += 1
  return `code-act-${String(actions).padStart(4, '0')}`
}
const scan = (site: Site, text: string) => site.stockroom.identify(text, 'page', 'keeper-1')
const tasks = ({ ledger, stockroom }: Site) => {
  const rows = ledger.read.openTasks().map((row) => taskView(ledger.read, stockroom.now(), row))
  expect(check.Errors({ rows })).toEqual([])
  return rows.filter(({ outcome }) => outcome === 'code-met')
}
const settle = (site: Site, more: object) =>
  site.stockroom.settle({ action: action(), task: tasks(site)[0]?.task ?? '', answer: 'bind', ...more }, 'keeper-1')

test('an unknown code is a task with all that was read, once however often and in however many lots it is scanned', () => {
  const site = openSite()
  scan(site, SCAN)
  scan(site, SCAN)
  scan(site, `]d201${STRANGER}10OTHER`)
  site.stockroom.heard({ scanner: 'table', text: SCAN, at: site.clock.now() })
  scan(site, MA)
  expect(tasks(site)).toMatchObject([
    { code: { scheme: 'ma', scan: MA } },
    { code: { scheme: 'gtin', code: STRANGER, scan: SCAN }, answers: ['make', 'bind', 'none'] },
  ])
  expect(tasks(site)[1]?.code?.rows.map(({ value }) => value)).toEqual(expect.arrayContaining([STRANGER, '2028-02-29', 'B9']))
  expect(site.ledger.rebuild()).toEqual([])
})

test.for([
  ['a code the catalogue knows', `]d201${GAUZE.packs[2]?.gtin}10B1`],
  ['a misread', `]d201${STRANGER.slice(0, 13)}${(Number(STRANGER.at(-1)) + 1) % 10}`],
  ['no code at all', 'hello'],
  ['the lot of a label alone', ']d210B9'],
  ['a tag', '3034257BF468D480000003E9'],
] as const)('no task is made of %s', ([, text]) => {
  const site = openSite()
  scan(site, text)
  expect(tasks(site)).toEqual([])
})

test('what is only looked into is kept nowhere', () => {
  const site = openSite()
  const head = site.ledger.head()
  site.stockroom.explain(SCAN)
  site.stockroom.identify(SCAN)
  expect(site.ledger.head()).toEqual(head)
})

test('put to a pack of a known item it is known at once, and a wrong word is said anew', () => {
  const site = openSite()
  scan(site, SCAN)
  const [task] = tasks(site)
  expect(codeOf(settle(site, { item: 'nothing', pack: 'bag' }))).toBe('stockroom.item-unknown')
  expect(codeOf(settle(site, { item: 'gauze', pack: 'pallet' }))).toBe('catalog.pack-unknown')
  expect(codeOf(settle(site, { answer: 'make' }))).toBe('stockroom.answer-unknown')
  expect(isRefusal(settle(site, { item: 'gauze', pack: 'bag' }))).toBe(false)
  expect(tasks(site)).toEqual([])
  expect(scan(site, SCAN)).toMatchObject({ refused: null, item: { item: 'gauze' }, pack: 'bag', packUnits: 10, lot: 'gauze/B9' })
  site.clock.pass(1_000)
  const again = { action: action(), task: task?.task ?? '', answer: 'bind', item: 'gauze', pack: 'carton' }
  expect(isRefusal(site.stockroom.settle(again, null))).toBe(false)
  expect(scan(site, SCAN)).toMatchObject({ pack: 'carton', packUnits: 100 })
  expect(site.ledger.rebuild()).toEqual([])
})

test('the county comes before what was said here, and answers a question nobody has answered', () => {
  const site = openSite()
  scan(site, SCAN)
  settle(site, { item: 'gauze', pack: 'bag' })
  site.hub.write(STREAM_TO_ALL, 'item', { ...GAUZE, item: 'swab', packs: [{ gtin: STRANGER, pack: 'box', units: 40 }] })
  site.hub.tell(site.ledger)
  expect(scan(site, SCAN)).toMatchObject({ item: { item: 'swab' }, pack: 'box', packUnits: 40 })
  const other = gtin('0690123499998')
  scan(site, `]d201${other}`)
  const [open] = tasks(site)
  expect(open?.code?.code).toBe(other)
  site.hub.write(STREAM_TO_ALL, 'item', { ...GAUZE, item: 'mask', packs: [{ gtin: other, pack: 'box', units: 50 }] })
  site.hub.tell(site.ledger)
  expect(tasks(site)).toEqual([])
  const late = { action: action(), task: open?.task ?? '', answer: 'bind', item: 'gauze', pack: 'bag' }
  expect(codeOf(site.stockroom.settle(late, null))).toBe('stockroom.item-known')
})

test('a pack whose units have changed since is asked about anew: what was bound was another pack', () => {
  const site = openSite()
  scan(site, SCAN)
  settle(site, { item: 'gauze', pack: 'bag' })
  const packs = GAUZE.packs.map((level) => (level.pack === 'bag' ? { ...level, units: 12 } : level))
  site.hub.write(STREAM_TO_ALL, 'item', { ...GAUZE, version: 4, packs })
  site.hub.tell(site.ledger)
  expect(scan(site, SCAN)).toMatchObject({ item: null, refused: { code: 'stockroom.item-unknown' } })
  scan(site, SCAN)
  expect(tasks(site)).toHaveLength(1)
  expect(isRefusal(settle(site, { item: 'gauze', pack: 'bag' }))).toBe(false)
  expect(scan(site, SCAN)).toMatchObject({ pack: 'bag', packUnits: 12 })
})

test('who makes the item has answered; who leaves it says why, and is not asked again', () => {
  const site = openSite()
  scan(site, SCAN)
  site.stockroom.provisional({ action: action(), name: '新纱布', unit: '片', pack: { pack: '盒', units: 5 }, scan: SCAN }, null)
  expect(tasks(site)).toEqual([])
  scan(site, MA)
  expect(codeOf(settle(site, { answer: 'none' }))).toBe('rules.reason-missing')
  expect(isRefusal(settle(site, { answer: 'none', reason: '食堂的货' }))).toBe(false)
  scan(site, MA)
  expect(tasks(site)).toEqual([])
  expect(site.ledger.rebuild()).toEqual([])
})

test('a flood of strange codes ends at a hundred', () => {
  const site = openSite()
  for (let number = 0; number <= 101; number += 1) scan(site, `]d201${gtin(`069012${String(number).padStart(7, '0')}`)}`)
  expect(tasks(site)).toHaveLength(100)
  const at = {
    node: 'qinglong',
    actor: null,
    now: site.stockroom.now(),
    doors: [],
    head: site.ledger.head,
    mark: '',
    confirmed: new Set<string>(),
  }
  expect(codeOf(decideCodeMet(site.ledger.read, { scan: SCAN }, at))).toBe('stockroom.codes-too-many')
})
