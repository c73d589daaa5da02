import { expect, test } from 'vitest'
import { codeOf, openSite, type Site } from './fixtures/site.ts'

const receive = (site: Site, action: string, accept = false) => {
  const booked = site.stockroom.receive(
    { action, item: 'gauze', lotNumber: 'B1', expiry: null, room: 'main', quantity: 1, pack: 'carton', accept },
    null,
  )
  if ('refused' in booked) throw new Error(booked.en)
  return booked.entries
}
const reverse = ({ stockroom }: Site, action: string, entry: string, reason = '记错了') =>
  codeOf(stockroom.reverse({ action, entry, reason }, 'keeper-1'))

test('a whole entry is undone, once, with the reason', () => {
  const site = openSite()
  const [entry = ''] = receive(site, 'receive-01')
  expect(reverse(site, 'reverse-01', entry)).toMatchObject({ fresh: true, unexplained: 0 })
  expect(site.standing()).toBe('')
  expect(site.ledger.read.movements({ limit: 1 })[0]?.entry).toMatchObject({
    kind: 'reverse',
    reverses: { entry, lines: [0] },
    refs: [entry],
    body: { reason: '记错了' },
    lines: [{ entered: { quantity: 1, pack: 'carton' } }],
  })
  expect(reverse(site, 'reverse-01', entry)).toMatchObject({ fresh: false })
  expect(reverse(site, 'reverse-02', entry)).toBe('ledger.reverse-twice')
})

test('what was found on the shelf and used goes back the way it came', () => {
  const site = openSite()
  site.put('gauze/B1 main/available 15')
  const booked = site.stockroom.issue(
    { action: 'issue-01', lot: 'gauze/B1', room: 'main', quantity: 20, pack: 'piece', moreThanBook: true },
    null,
  )
  if ('refused' in booked) throw new Error(booked.en)
  expect(reverse(site, 'reverse-01', booked.entries[0] ?? '')).toMatchObject({ unexplained: 0 })
  expect(site.standing()).toBe('gauze/B1 main/available 15')
})

test('units that have moved on are not taken back', () => {
  const site = openSite()
  const [received = '', accepted = ''] = receive(site, 'receive-01', true)
  expect(reverse(site, 'reverse-01', received)).toBe('ledger.not-enough')
  expect(reverse(site, 'reverse-02', accepted)).toMatchObject({ fresh: true })
  expect(reverse(site, 'reverse-03', received)).toMatchObject({ fresh: true })
  expect(site.standing()).toBe('')
})

test('what cannot be reversed says why', () => {
  const site = openSite()
  const [entry = ''] = receive(site, 'receive-01')
  reverse(site, 'reverse-01', entry)
  const [reversal] = site.ledger.read.movements({ limit: 1 })
  const first = entry.replace(/\d+$/, '1')
  expect(reverse(site, 'reverse-02', reversal?.id ?? '')).toBe('ledger.reverse-reversal')
  expect(reverse(site, 'reverse-03', first)).toBe('ledger.reverse-nothing')
  expect(reverse(site, 'reverse-04', entry.replace(/\d+$/, '99'))).toBe('ledger.entry-unknown')
  expect(reverse(site, 'reverse-05', 'no entry')).toBe('ledger.entry-unknown')
  expect(reverse(site, 'reverse-06', entry.replace('qinglong', 'baihe'))).toBe('ledger.reverse-foreign')
  expect(reverse(site, 'reverse-07', entry, ' ')).toBe('rules.reason-missing')
})

test('an alarm is taken on with a reason, if it rings', () => {
  const { ledger, stockroom } = openSite()
  const acknowledge = (action: string, alarm: string, reason = '已联系供应商') =>
    codeOf(stockroom.acknowledge((one) => one === 'clock:behind', { action, alarm, reason }, 'keeper-1'))
  expect(acknowledge('alarm-01', 'clock:ahead')).toBe('stockroom.alarm-unknown')
  expect(acknowledge('alarm-02', 'clock:behind', ' ')).toBe('rules.reason-missing')
  expect(acknowledge('alarm-03', 'clock:behind')).toMatchObject({ fresh: true })
  expect(ledger.read.acknowledged('clock:behind')).toMatchObject({ by: 'keeper-1' })
})
