import { ALARM_VIEW, type DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { Compile } from 'typebox/compile'
import { expect, test } from 'vitest'
import { draft, line, NODE } from '../ledger/fixtures/bench.ts'
import { openSite } from '../stockroom/fixtures/site.ts'
import type { UplinkNews } from '../uplink/news.ts'
import { openAlarms } from './alarms.ts'
import { dayBefore, startOfDay } from './days.ts'

const check = Compile(ALARM_VIEW)
const DAY_MS = 86_400_000

/** A site whose timers run when the test lets time pass. */
const ringing = (options: { readonly untold?: boolean } = {}) => {
  const site = openSite(options)
  const due = new Map<() => void, number>()
  const timers = {
    after: (ms: number, run: () => void) => {
      due.set(run, site.clock.monotonic() + ms)
      return () => void due.delete(run)
    },
  }
  let board: DeviceView[] = []
  const boardListeners = new Set<() => void>()
  let disk: ReturnType<typeof site.ledger.disk> = 'ok'
  const holes: { stream: string; epoch: string; seq: number }[] = []
  const parts = {
    clock: site.clock,
    timers,
    ledger: { ...site.ledger, disk: () => disk, exchange: { holes: () => holes } },
    devices: {
      rows: () => board,
      follow: (listener: () => void) => {
        boardListeners.add(listener)
        return () => void boardListeners.delete(listener)
      },
    },
    now: site.stockroom.now,
  }
  const alarms = openAlarms(parts)
  let told = 0
  alarms.follow(() => {
    told += 1
  })
  const pass = (ms: number) => {
    const until = site.clock.monotonic() + ms
    for (;;) {
      const [next] = [...due].filter(([, at]) => at <= until).toSorted(([, one], [, other]) => one - other)
      if (!next) break
      const [run, at] = next
      site.clock.pass(Math.max(0, at - site.clock.monotonic()))
      due.delete(run)
      run()
    }
    site.clock.pass(Math.max(0, until - site.clock.monotonic()))
  }
  return {
    ...site,
    alarms,
    holes,
    /** The alarms as another process finds them. */
    again: () => openAlarms(parts),
    pass,
    told: () => told,
    waiting: () => due.size,
    show: (rows: DeviceView[]) => {
      board = rows
      for (const listener of boardListeners) listener()
    },
    fill: (state: typeof disk) => {
      disk = state
      alarms.lookSoon()
    },
  }
}
/** 100 pieces of a lot with an expiry, standing somewhere. */
const stock = ({ ledger }: ReturnType<typeof ringing>, lot: string, expiry: string, place = 'main/available') =>
  ledger.book({ action: `stock:${lot}:${place}`, act: 'stock' }, () => [
    draft(
      'receive',
      { lots: [{ lot, printed: lot.slice(6), expiry, produced: null }] },
      { lines: [line(lot, `${NODE}/~supplier`, `${NODE}/${place}`, 100)] },
    ),
  ])
const ids = ({ alarms }: ReturnType<typeof ringing>) => alarms.rows().map(({ alarm }) => alarm)

// Today is 21 November 2026; the item rings at 90 and 30 days.
test.for([
  ['2027-02-20', []],
  ['2027-02-19', ['near-90:gauze/B1@main.available']],
  ['2026-12-22', ['near-90:gauze/B1@main.available']],
  ['2026-12-21', ['near-30:gauze/B1@main.available']],
  ['2026-11-21', ['near-30:gauze/B1@main.available']],
  ['2026-11-20', ['expired:gauze/B1@main.available']],
] as const)('a lot good through %s rings %o', ([expiry, rings]) => {
  const site = ringing()
  stock(site, 'gauze/B1', expiry)
  site.pass(1_000)
  expect(ids(site)).toEqual(rings)
  for (const row of site.alarms.rows()) expect(check.Errors(row)).toEqual([])
})

test('an alarm says what, where, how much, how long, and since when', () => {
  const site = ringing()
  stock(site, 'gauze/B1', '2026-11-18', 'ward/available')
  site.pass(1_000)
  expect(site.alarms.rows()).toEqual([
    {
      alarm: 'expired:gauze/B1@ward.available',
      kind: 'expired',
      severity: 1,
      title: { zh: '医用纱布 批号 B1 已过期 3 天', en: 'Gauze lot B1 expired 3 days ago' },
      lot: 'gauze/B1',
      place: `${NODE}/ward/available`,
      units: 100,
      expiry: '2026-11-18',
      daysLeft: -3,
      raisedAt: '2026-11-18T16:00:00.000Z',
      acknowledgedBy: null,
    },
  ])
})

test('it rings at midnight of the site, offline, and ends with the last piece', () => {
  const site = ringing()
  stock(site, 'gauze/B1', '2026-11-21')
  site.pass(1_000)
  expect(ids(site)).toEqual(['near-30:gauze/B1@main.available'])
  const before = site.told()
  // Noon in Qinglong: twelve hours to go.
  site.clock.pass(12 * 3_600_000 - 60_000)
  site.pass(60_000 - 1_001)
  expect(ids(site)).toEqual(['near-30:gauze/B1@main.available'])
  site.pass(1)
  expect(ids(site)).toEqual(['expired:gauze/B1@main.available'])
  expect(site.told()).toBe(before + 1)
  site.stockroom.issue(
    {
      action: 'issue-all',
      lot: 'gauze/B1',
      room: 'main',
      quantity: 1,
      pack: 'carton',
      override: { rule: 'rules.lot-expired', reason: '报废前训练用' },
    },
    null,
  )
  site.pass(1_000)
  expect(ids(site)).toEqual([])
})

test('taken on, it has an owner; the next threshold rings anew', () => {
  const site = ringing()
  stock(site, 'gauze/B1', '2026-12-25')
  site.pass(1_000)
  const [alarm = ''] = ids(site)
  expect(site.alarms.open()).toBe(1)
  site.stockroom.acknowledge(site.alarms.rings, { action: 'alarm-01', alarm, reason: '调拨到县医院' }, 'keeper-1')
  site.pass(1_000)
  expect(site.alarms.rows()).toMatchObject([{ alarm, acknowledgedBy: 'keeper-1' }])
  expect(site.alarms.open()).toBe(0)
  // Asleep for four days.
  site.clock.pass(4 * DAY_MS)
  site.pass(1_000)
  expect(site.alarms.rows()).toMatchObject([{ alarm: 'near-30:gauze/B1@main.available', acknowledgedBy: null }])
})

test('most urgent first, whatever the book knows first', () => {
  const site = ringing()
  stock(site, 'gauze/B4', '2027-01-30')
  stock(site, 'gauze/B3', '2026-12-01')
  stock(site, 'gauze/B2', '2026-11-25')
  stock(site, 'gauze/B1', '2026-11-01')
  stock(site, 'gauze/B0', '2030-01-01')
  site.pass(1_000)
  expect(ids(site)).toEqual([
    'expired:gauze/B1@main.available',
    'near-30:gauze/B2@main.available',
    'near-30:gauze/B3@main.available',
    'near-90:gauze/B4@main.available',
  ])
})

test.for([
  ['the hub has not spoken', 0, true, 'clock:unknown:2026-11-21'],
  ['a clock a year ahead', 365 * DAY_MS, false, 'clock:ahead:2026-11-21'],
  ['a clock a day behind', -DAY_MS, false, 'clock:behind:2026-11-21'],
] as const)('%s', ([, jump, untold, alarm]) => {
  const site = ringing({ untold })
  site.clock.set(site.clock.now() + jump)
  site.pass(20_000)
  expect(ids(site)).toEqual([alarm])
  expect(check.Errors(site.alarms.rows()[0])).toEqual([])
})

const READER: DeviceView = {
  ...{
    device: 'r1',
    kind: 'reader',
    address: 'tcp://127.0.0.1:1',
    door: 'gate',
    side: 'inside',
    state: 'reading',
    since: '2026-11-21T04:00:00.000Z',
  },
  ...{
    module: null,
    reads: 0,
    lastReadAt: null,
    noiseBytes: 0,
    crcFailures: 0,
    gaps: [],
    troubles: [],
    frames: 0,
    dropped: 0,
    antennas: [],
    findings: [],
  },
}

test('a reader that is not heard for half a minute rings, and each time anew', () => {
  const site = ringing()
  site.show([READER])
  site.pass(60_000)
  expect(ids(site)).toEqual([])
  const lostAt = new Date(site.clock.now()).toISOString()
  site.show([{ ...READER, state: 'lost', since: lostAt }])
  site.pass(29_999)
  expect(ids(site)).toEqual([])
  site.pass(1)
  expect(ids(site)).toEqual([`device:r1:${lostAt}`])
  expect(check.Errors(site.alarms.rows()[0])).toEqual([])
  site.show([READER])
  site.pass(1_000)
  expect(ids(site)).toEqual([])
})

test('what the hub refuses, what the disk refuses, and what was lost', () => {
  const site = ringing()
  site.alarms.noteRefused([{ epoch: '0011223344556677', from: 12, code: 'wire.signature-wrong', at: site.clock.now() }])
  site.alarms.noteLostTail({ epoch: '0011223344556677', seq: 9 })
  site.alarms.noteLostTail({ epoch: '0011223344556677', seq: 9 })
  site.fill('full')
  site.pass(1_000)
  const since = '2026-11-21T04:00:00.200Z'
  expect(ids(site)).toEqual([`disk:full:${since}`, 'lost-tail:0011223344556677/9', 'refused:0011223344556677/12'])
  for (const row of site.alarms.rows()) expect(check.Errors(row)).toEqual([])
  site.fill('failed')
  site.pass(1_000)
  expect(ids(site)[0]).toMatch(/^disk:failed:/)
  site.fill('ok')
  site.alarms.noteRefused([])
  site.pass(1_000)
  expect(ids(site)).toEqual(['lost-tail:0011223344556677/9'])
})

const HOLE = { is: 'hole', stream: `${NODE}>*`, epoch: '0011223344556677', seq: 4 } as const
const NEWS: readonly (readonly [UplinkNews, string, 1 | 2])[] = [
  [{ is: 'lost-tail', epoch: '0011223344556677', from: 8, upto: 9 }, 'lost-tail:0011223344556677/9', 1],
  [{ is: 'clone', epoch: '0011223344556677', from: 3 }, 'clone:0011223344556677/3', 1],
  [{ is: 'fork', stream: 'hub>all', epoch: '0011223344556677', from: 3 }, 'fork:hub>all/0011223344556677/3', 1],
  [{ is: 'two-hubs', incarnation: 1, obeyed: 2 }, 'two-hubs:1/2', 1],
  [
    { is: 'directive-refused', stream: 'hub>all', epoch: '0011223344556677', from: 5, code: 'wire.signature-wrong' },
    'directive:hub>all/0011223344556677/5',
    2,
  ],
  [{ is: 'digest-differs', epoch: '0011223344556677', seq: 7, buckets: [1, 63] }, 'digest:2026-11-21', 1],
  [{ is: 'key-revoked', key: 'AAAA' }, 'refused:key/AAAA', 1],
  [
    { is: 'act-twice', entry: `${NODE}>*/0011223344556677/4`, again: `${NODE}>*/8899aabbccddeeff/2` },
    'act-twice:0011223344556677/4:8899aabbccddeeff/2',
    2,
  ],
  [HOLE, `damage:${NODE}>*/0011223344556677/4`, 1],
]

test.each(NEWS)('news of the line rings, once, and over a restart: %o', (news, alarm, severity) => {
  const site = ringing()
  site.holes.push(HOLE)
  const head = site.ledger.head().seq
  site.alarms.news(news)
  site.alarms.news(news)
  site.pass(1_000)
  const [row] = site.alarms.rows()
  expect(row).toMatchObject({ alarm, severity, raisedAt: '2026-11-21T04:00:00.000Z', acknowledgedBy: null })
  expect([check.Errors(row), site.ledger.head().seq - head, site.ledger.rebuild()]).toEqual([[], 1, []])
  expect(site.again().rows()).toEqual(site.alarms.rows())
})

test('news that somebody took on shows its owner for a week; damage rings until its entry is back', () => {
  const site = ringing()
  site.holes.push(HOLE)
  for (const [news] of NEWS) site.alarms.news(news)
  site.pass(1_000)
  expect(site.alarms.open()).toBe(NEWS.length)
  for (const [, alarm] of NEWS) {
    expect(site.alarms.rings(alarm)).toBe(true)
    site.stockroom.acknowledge(
      site.alarms.rings,
      { action: `take:${alarm}`.replace(/[^\w:]/g, '.'), alarm, reason: '已联系县中心' },
      'keeper-1',
    )
  }
  site.clock.pass(6 * DAY_MS)
  site.pass(15_000)
  expect(site.alarms.rows().map(({ acknowledgedBy }) => acknowledgedBy)).toEqual(NEWS.map(() => 'keeper-1'))
  site.clock.pass(DAY_MS)
  site.pass(15_000)
  expect(ids(site)).toEqual([`damage:${NODE}>*/0011223344556677/4`])
  site.holes.splice(0)
  site.pass(15_000)
  expect(ids(site)).toEqual([])
})

test('a book that differs rings anew every day, and the newest says all', () => {
  const site = ringing()
  const differs = { is: 'digest-differs', epoch: '0011223344556677', seq: 7, buckets: [1] } as const
  site.alarms.news(differs)
  site.clock.pass(DAY_MS)
  site.alarms.news({ ...differs, seq: 9 })
  site.pass(1_000)
  expect(ids(site)).toEqual(['digest:2026-11-22'])
})

test('what a page and the hub both say was lost is one alarm, and news of a later version waits', () => {
  const site = ringing()
  site.alarms.noteLostTail({ epoch: '0011223344556677', seq: 9 })
  site.alarms.news({ is: 'lost-tail', epoch: '0011223344556677', from: 8, upto: 9 })
  site.ledger.book({ action: 'raise:later', act: 'raised' }, () => [
    draft('alarm', { alarm: 'later:1', action: 'raised', reason: '{"is":"later"}' }),
  ])
  site.pass(1_000)
  expect(ids(site)).toEqual(['lost-tail:0011223344556677/9'])
})

test('news rings on a full disk too, and is kept when there is room', () => {
  const site = ringing()
  const pages = Number(site.db.pragma('page_count', { simple: true }))
  site.db.pragma(`max_page_count = ${pages}`)
  for (let at = 0; site.ledger.disk() === 'ok'; at += 1) stock(site, `gauze/F${at}`, '2028-11-21')
  site.fill('full')
  site.alarms.news({ is: 'clone', epoch: '0011223344556677', from: 3 })
  site.pass(1_000)
  expect([ids(site).includes('clone:0011223344556677/3'), site.ledger.read.raised()]).toEqual([true, []])
  site.db.pragma('max_page_count = 100000')
  site.fill('ok')
  site.pass(1_000)
  expect([ids(site), site.ledger.read.raised().length]).toEqual([['clone:0011223344556677/3'], 1])
})

test('the longest ids there can be are told apart', () => {
  const site = ringing()
  const [stream, epoch] = [`hub>${'n'.repeat(32)}`, '0011223344556677']
  const far = Number.MAX_SAFE_INTEGER
  for (const from of [far - 1, far]) site.alarms.news({ is: 'directive-refused', stream, epoch, from, code: 'wire.signature-wrong' })
  expect(site.ledger.read.raised()).toHaveLength(2)
})

test('a stream is no log: of one kind of news so many are kept', () => {
  const site = ringing()
  for (let from = 1; from <= 102; from += 1) site.alarms.news({ is: 'fork', stream: 'hub>all', epoch: '0011223344556677', from })
  expect(site.ledger.read.raised()).toHaveLength(100)
})

test('an alarm nobody was shown yet can be taken on', () => {
  const site = ringing()
  stock(site, 'gauze/B1', '2026-11-01')
  expect(ids(site)).toEqual([])
  expect(site.alarms.rings('expired:gauze/B1@main.available')).toBe(true)
  expect(site.alarms.rings('expired:gauze/B2@main.available')).toBe(false)
})

test('closed, it waits for nothing', () => {
  const site = ringing()
  site.alarms.close()
  expect(site.waiting()).toBe(0)
  stock(site, 'gauze/B1', '2026-11-01')
  expect(site.waiting()).toBe(0)
})

test.for([
  ['Asia/Shanghai', '2026-11-21', '2026-11-20T16:00:00.000Z'],
  ['UTC', '2026-11-21', '2026-11-21T00:00:00.000Z'],
  ['Pacific/Kiritimati', '2026-11-21', '2026-11-20T10:00:00.000Z'],
  // The night Berlin's clocks go back, and one in Brazil's past that had no midnight.
  ['Europe/Berlin', '2026-10-25', '2026-10-24T22:00:00.000Z'],
  ['America/Sao_Paulo', '2018-11-04', '2018-11-04T03:00:00.000Z'],
] as const)('in %s, %s begins at %s', ([zone, date, at]) => {
  expect(startOfDay(zone, date)).toBe(at)
})

test('days before and after', () => {
  expect([dayBefore('2028-03-01', 1), dayBefore('2026-12-31', -1), dayBefore('2026-11-21', 180)]).toEqual([
    '2028-02-29',
    '2027-01-01',
    '2026-05-25',
  ])
})
