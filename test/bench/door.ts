import { join } from 'node:path'
import { newAction } from '@lotkeeper/deploy/county/client.ts'
import { type County, openCounty } from '@lotkeeper/deploy/county/county.ts'
import type { Township } from '@lotkeeper/deploy/county/township.ts'
import { boxEpc, boxGtin, DEMO_SITES } from '@lotkeeper/deploy/demo/stock.ts'
import { openCrypto, openSigner } from '@lotkeeper/edge/crypto.ts'
import { openKeys } from '@lotkeeper/edge/join/keys.ts'
import { THRESHOLDS } from '@lotkeeper/edge/portal/thresholds.ts'
import { openBrowser } from '../browser.ts'
import { openBoard, openListener, type Shown } from './board.ts'
import { startAedes } from './brokers.ts'
import { openLine } from './crew.ts'
import { type Bench, type Figure, median, p95, type Words } from './figures.ts'
import { commitBare } from './limit.ts'
import { openFolder, sleep } from './machine.ts'
import { makeLoad } from './workload.ts'

/** A box walks through a simulated door: from its last read to the passage, the entry, the hub's commit, and pixels in a real browser. */
export const door: Bench = {
  name: 'door',
  what: { zh: '从门禁到看板', en: 'from the door to the dashboard' },
  run: async (scope, say) => {
    const logs = openLogs()
    const county = await openCounty({
      home: openFolder(scope),
      sites: [DEMO_SITES[0]],
      hubEnv: { LOTKEEPER_HUB_LOG_LEVEL: 'debug' },
      nodeEnv: { LOTKEEPER_EDGE_LOG_LEVEL: 'debug' },
      onLog: logs.hear,
    })
    scope.defer(county.close)
    const [town] = county.townships
    if (!town) throw new Error('the county has no township')
    const browser = scope.use(await openBrowser())
    const boxes = Array.from({ length: WALKS }, (_, at) => ({
      ...{ epc: boxEpc(boxGtin(ITEM), at + 1), item: ITEM, lotNumber: `W${at + 1}`, expiry: '2031-08-31' },
    }))
    await county.announce(town.node, boxes, null)
    await untilTold(town, boxes.at(-1)?.epc ?? '')
    const board = await openBoard(await browser.openPage(), county)
    const heard = await openListener(scope, county)
    say(`${WALKS} 次进门，每 ${WALK_EVERY_MS} ms 一人 / walks, one every ${WALK_EVERY_MS} ms`)
    await walkAll(
      town,
      boxes.map(({ epc }) => epc),
    )
    const shown = await board.shown()
    const ways = boxes.flatMap(({ epc, lotNumber }) => wayOf(logs, epc, heard.get(lotNumber), shown.get(lotNumber)) ?? [])
    if (ways.length < WALKS)
      say(`${WALKS - ways.length} 次未能走完全程（判为不确定等） / walks did not come to a booked crossing on the board`)
    return figuresOf(ways, { paintsMs: await board.paintsMs(), ...(await limitsOf(scope, county, town)) })
  },
}

const WALKS = 32
/** People come one behind the other, several in the doorway's range at a time. */
const WALK_EVERY_MS = 1_200
const ITEM = 'gauze-10x10'
/** Until the last one has passed, fallen silent and been shown. */
const LAST_MS = 4_000

/** The moments of one box's way, in ms of the one clock that all processes of a machine share. */
interface Way {
  readonly silentMs: number
  readonly settledMs: number
  readonly bookedMs: number
  readonly hubMs: number
  /** A plain Socket.io client was told. */
  readonly heardMs: number
  readonly inPageMs: number
  readonly paintedMs: number
}

interface Logs {
  readonly hear: (house: string, line: string) => void
  readonly booked: Map<string, Pick<Way, 'silentMs' | 'settledMs' | 'bookedMs'>>
  readonly commitsMs: number[]
}

/** The two facts that the houses log at debug level. */
const openLogs = (): Logs => {
  const booked: Logs['booked'] = new Map()
  const commitsMs: number[] = []
  return {
    booked,
    commitsMs,
    hear: (_house, line) => {
      if (line.includes('"entries were committed"')) commitsMs.push(Date.parse(JSON.parse(line).time))
      if (!line.includes('"a passage was settled and booked"')) return
      const { epc, settledAt, silentMs, time } = JSON.parse(line)
      booked.set(epc, { silentMs, settledMs: settledAt, bookedMs: Date.parse(time) })
    },
  }
}

/** The first commit of the hub after the node's is the one that took it: walks are further apart than that. */
const wayOf = ({ booked, commitsMs }: Logs, epc: string, heardMs: number | undefined, shown: Shown | undefined): Way | null => {
  const there = booked.get(epc)
  const hubMs = there && commitsMs.find((ms) => ms >= there.bookedMs)
  return there && hubMs !== undefined && heardMs !== undefined && shown ? { ...there, ...shown, hubMs, heardMs } : null
}

interface Limits {
  readonly paintsMs: readonly number[]
  /** One row in one flushed commit, by the bare driver. */
  readonly commitMs: readonly number[]
  /** One batch to the hub's broker with nothing behind it, until it is acknowledged. */
  readonly lineMs: readonly number[]
}

const limitsOf = async (scope: AsyncDisposableStack, county: County, town: Township): Promise<Omit<Limits, 'paintsMs'>> => {
  const { enrolled, signing } = openKeys(join(town.home, 'keys'))
  if (!enrolled) throw new Error(`${town.node} is not enrolled`)
  const hand = { node: town.node, signer: openSigner(openCrypto(), signing), keys: enrolled }
  const [one] = makeLoad(town.node, hand.signer, '00000000000000aa', null, 1).payloads
  const aedes = await startAedes(scope, join(county.home, 'hub', 'keys'))
  const line = await openLine(hand, aedes.url)
  const lineMs: number[] = []
  for (let at = 0; at < LIMIT_TRIES; at += 1) {
    const from = performance.now()
    await line.publish(one ?? '')
    lineMs.push(performance.now() - from)
  }
  await line.close()
  return { commitMs: commitBare(openFolder(scope), LIMIT_TRIES), lineMs }
}
const LIMIT_TRIES = 100

const untilTold = async (town: Township, epc: string): Promise<void> => {
  const client = await town.client()
  for (let look = 0; look < 100; look += 1) {
    const known = await client.get('scan', { action: newAction(), text: epc })
    if (known.lot !== null) return
    await sleep(100)
  }
  throw new Error('the node was not told of the boxes')
}

const walkAll = async (town: Township, epcs: readonly string[]): Promise<void> => {
  const walks: Promise<void>[] = []
  for (const epc of epcs) {
    walks.push(town.doorway.walk('in', [epc], 1.3))
    await sleep(WALK_EVERY_MS)
  }
  await Promise.all(walks)
  await sleep(LAST_MS)
}

const figuresOf = (ways: readonly Way[], { paintsMs, commitMs, lineMs }: Limits): readonly Figure[] => {
  const step = (what: Words, ms: (way: Way) => number, more: Pick<Figure, 'goal' | 'beside'> = {}): readonly Figure[] => {
    const values = ways.map(ms)
    const { goal, ...beside } = more
    return [
      { what, ours: median('ms', values), ...beside },
      { what: { zh: `${what.zh}（p95）`, en: `${what.en}, p95` }, ours: p95('ms', values), ...(goal ? { goal } : {}) },
    ]
  }
  const beside = (zh: string, en: string, values: readonly number[]) => ({ beside: [{ name: { zh, en }, measured: median('ms', values) }] })
  return [
    ...step({ zh: '末次读到判定', en: 'last read to settled passage' }, ({ silentMs }) => silentMs, {
      ...beside('门限：静默', 'by design: silence', [THRESHOLDS.settleMs]),
    }),
    ...step({ zh: '判定到入账', en: 'settled passage to committed entry' }, ({ settledMs, bookedMs }) => bookedMs - settledMs, {
      ...beside('裸写一行', 'bare insert, one row a commit', commitMs),
    }),
    ...step({ zh: '入账到县中心入账', en: 'committed entry to hub commit' }, ({ bookedMs, hubMs }) => hubMs - bookedMs, {
      ...beside('只有代理 Aedes', 'Aedes alone, one batch', lineMs),
    }),
    ...step({ zh: '县中心入账到屏幕', en: 'hub commit to pixel' }, ({ hubMs, paintedMs }) => paintedMs - hubMs, {
      beside: [
        {
          name: { zh: '到普通 Socket.io 客户端', en: 'to a plain Socket.io client' },
          measured: median(
            'ms',
            ways.map((way) => way.heardMs - way.hubMs),
          ),
        },
        {
          name: { zh: '到页面里的那一行', en: 'to the row in the page' },
          measured: median(
            'ms',
            ways.map((way) => way.inPageMs - way.hubMs),
          ),
        },
        { name: { zh: '浏览器画一个字', en: 'this browser paints a letter' }, measured: median('ms', paintsMs) },
      ],
    }),
    ...step({ zh: '判定到屏幕', en: 'settled passage to pixel' }, ({ settledMs, paintedMs }) => paintedMs - settledMs, {
      goal: { is: '<', value: 150 },
      ...beside('浏览器画一个字', 'this browser paints a letter', paintsMs),
    }),
  ]
}
