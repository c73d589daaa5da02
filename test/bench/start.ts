import { openCounty } from '@lotkeeper/deploy/county/county.ts'
import { DEMO_SITES } from '@lotkeeper/deploy/demo/stock.ts'
import { type Bench, type Figure, median } from './figures.ts'
import { openFolder, sleep, startProgram, type Usage, usageOf } from './machine.ts'

/** Start time and idle cost of a node (two readers and a scanner on its wires) and of a hub, beside a bare Node with as many sockets. */
export const start: Bench = {
  name: 'start',
  what: { zh: '启动时间和空闲占用', en: 'start time and idle cost' },
  run: async (scope, say) => {
    const county = await openCounty({ home: openFolder(scope), sites: [DEMO_SITES[0]] })
    scope.defer(county.close)
    const [town] = county.townships
    if (!town) throw new Error('the county has no township')
    const rounds: Round[] = []
    for (let at = 0; at < ROUNDS; at += 1) {
      await town.stop()
      await county.hub().stop()
      const hub = await county.startHub()
      const node = await town.start()
      const bare = await startProgram(scope, ['-e', BARE])
      const idle = await idleOf({ hub: hub.pid, node: node.pid, bare: bare.pid })
      await bare.close()
      rounds.push({ startMs: { hub: hub.startMs, node: node.startMs, bare: bare.startMs }, idle })
      say(`${at + 1}/${ROUNDS}: node ${Math.round(node.startMs)} ms, hub ${Math.round(hub.startMs)} ms`)
    }
    return figuresOf(rounds)
  },
}

const ROUNDS = 3
const SETTLING_MS = 5_000
const IDLE_MS = 10_000

/** Two listeners and four connections of its own: as many sockets as a node holds open for its page, its devices and its line. */
const BARE = `const net = require('net'); const servers = [0, 1].map(() => net.createServer().listen(0, '127.0.0.1'));
servers[1].once('listening', () => { for (let at = 0; at < 4; at += 1) net.connect(servers[1].address().port, '127.0.0.1'); console.log('{}') })`

const WHO = ['node', 'hub', 'bare'] as const
type Who = (typeof WHO)[number]
interface Round {
  readonly startMs: Readonly<Record<Who, number>>
  readonly idle: Readonly<Record<Who, { readonly rssMb: number; readonly cpuShare: number } | null>>
}

/** After 15 s of idling: memory at the end, processor time over the last 10 s. */
const idleOf = async (pids: Readonly<Record<Who, number>>): Promise<Round['idle']> => {
  await sleep(SETTLING_MS)
  const before = WHO.map((who) => usageOf(pids[who]))
  await sleep(IDLE_MS)
  const share = (then: Usage | null | undefined, now: Usage | null) =>
    then && now ? { rssMb: now.rssMb, cpuShare: ((now.cpuMs - then.cpuMs) / IDLE_MS) * 100 } : null
  return Object.fromEntries(WHO.map((who, at) => [who, share(before[at], usageOf(pids[who]))])) as Round['idle']
}

const figuresOf = (rounds: readonly Round[]): readonly Figure[] => {
  const startOf = (who: Who) =>
    median(
      'ms',
      rounds.map(({ startMs }) => startMs[who]),
    )
  const rssOf = (who: Who) =>
    median(
      'MB',
      rounds.flatMap(({ idle }) => idle[who]?.rssMb ?? []),
    )
  const cpuOf = (who: Who) =>
    median(
      '%',
      rounds.flatMap(({ idle }) => idle[who]?.cpuShare ?? []),
    )
  const bare = { zh: '空的 Node', en: 'bare Node' }
  return [
    {
      what: { zh: '站点启动', en: 'a node starts' },
      ours: startOf('node'),
      goal: { is: '<', value: 1_000 },
      beside: [{ name: bare, measured: startOf('bare') }],
    },
    {
      what: { zh: '空闲站点内存', en: 'memory of an idle node' },
      ours: rssOf('node'),
      goal: { is: '<', value: 130 },
      beside: [{ name: bare, measured: rssOf('bare') }],
    },
    {
      what: { zh: '空闲站点 CPU', en: 'CPU of an idle node' },
      ours: cpuOf('node'),
      goal: { is: '≤', value: 1 },
      beside: [{ name: bare, measured: cpuOf('bare') }],
    },
    { what: { zh: '县中心启动', en: 'a hub starts' }, ours: startOf('hub'), beside: [{ name: bare, measured: startOf('bare') }] },
    {
      what: { zh: '空闲县中心内存', en: 'memory of an idle hub' },
      ours: rssOf('hub'),
      goal: { is: '<', value: 150 },
      beside: [{ name: bare, measured: rssOf('bare') }],
    },
    { what: { zh: '空闲县中心 CPU', en: 'CPU of an idle hub' }, ours: cpuOf('hub'), beside: [{ name: bare, measured: cpuOf('bare') }] },
  ]
}
