import { join } from 'node:path'
import { openCounty } from '@lotkeeper/deploy/county/county.ts'
import { startAedes, startMosquitto } from './brokers.ts'
import { enrolCrew, type Hand, openLine } from './crew.ts'
import { type Bench, median } from './figures.ts'
import { insertBare } from './limit.ts'
import { openFolder, usageOf } from './machine.ts'
import { type Load, makeLoad, parentOf } from './workload.ts'

/** Entries through one real hub, end to end: enrolled nodes, signed batches over MQTT and TLS, until the hub says it holds all of it. */
export const ingest: Bench = {
  name: 'ingest',
  what: { zh: '一个县中心的接收速度', en: 'entries through one hub' },
  run: async (scope, say) => {
    const home = openFolder(scope)
    const county = await openCounty({ home, sites: [] })
    scope.defer(county.close)
    const crew = await enrolCrew(county, NODES)
    const keys = join(home, 'hub', 'keys')
    const rates: Record<Way, number[]> = { hub: [], aedes: [], mosquitto: [], bare64: [], bare512: [] }
    const cpuUs: number[] = []
    let before: readonly Load[] = []
    for (let round = 0; round < ROUNDS; round += 1) {
      const loads = crew.map(({ node, signer }, at) =>
        makeLoad(node, signer, epochOf(round), before[at] ? parentOf(before[at]) : null, BATCHES),
      )
      const used = usageOf(county.hub().pid)
      rates.hub.push(await rateOf(crew, loads, county.broker(), true))
      const now = usageOf(county.hub().pid)
      if (used && now) cpuUs.push(((now.cpuMs - used.cpuMs) * 1_000) / ENTRIES)
      const aedes = await startAedes(scope, keys)
      rates.aedes.push(await rateOf(crew, loads, aedes.url, false))
      await aedes.close()
      const mosquitto = await startMosquitto(scope, home, keys)
      if (mosquitto) rates.mosquitto.push(await rateOf(crew, loads, mosquitto.url, false))
      await mosquitto?.close()
      rates.bare64.push(insertBare(home, loads, 64).perSecond)
      rates.bare512.push(insertBare(home, loads, 512).perSecond)
      before = loads
      say(
        `${round + 1}/${ROUNDS}: ${Object.entries(rates)
          .map(([name, values]) => `${name} ${Math.round(values.at(-1) ?? 0)}`)
          .join(', ')} /s`,
      )
    }
    return [
      {
        what: { zh: '收下记录（TLS、签名、链、入账）', en: 'entries/s through one hub, signatures and chain checked' },
        ours: median('/s', rates.hub),
        goal: { is: '≥', value: 5_000 },
        beside: [
          { name: { zh: '只有代理 Aedes', en: 'Aedes alone' }, measured: median('/s', rates.aedes) },
          ...(rates.mosquitto.length > 0 ? [{ name: { zh: 'Mosquitto', en: 'Mosquitto' }, measured: median('/s', rates.mosquitto) }] : []),
          { name: { zh: '裸插入，64 条一提交', en: 'bare inserts, 64 a commit' }, measured: median('/s', rates.bare64) },
          { name: { zh: '裸插入，512 条一提交', en: 'bare inserts, 512 a commit' }, measured: median('/s', rates.bare512) },
        ],
      },
      { what: { zh: '每条记录的处理器时间', en: 'processor time of the hub per entry' }, ours: median('µs', cpuUs) },
    ]
  },
}

type Way = 'hub' | 'aedes' | 'mosquitto' | 'bare64' | 'bare512'

const ROUNDS = 3
const NODES = ['baisha', 'heishi', 'hongqi', 'liushu', 'lvshui', 'qinglong', 'shuanghe', 'xiaohe']
const BATCHES = 80
const ENTRIES = NODES.length * BATCHES * 64

const epochOf = (round: number): string => (0xaa + round).toString(16).padStart(16, '0')

/** All nodes send at once; with `held` the clock stops when the hub's own word says that it holds the last entry of each. */
const rateOf = async (crew: readonly Hand[], loads: readonly Load[], url: string, held: boolean): Promise<number> => {
  const lines = await Promise.all(crew.map((hand) => openLine(hand, url)))
  try {
    const from = performance.now()
    await Promise.all(
      loads.map(async (load, at) => {
        const line = lines[at]
        if (!line) throw new Error(`${load.node} has no line`)
        await Promise.all([line.send(load), ...(held ? [line.held(load)] : [])])
      }),
    )
    return (ENTRIES / (performance.now() - from)) * 1_000
  } finally {
    await Promise.all(lines.map((line) => line.close()))
  }
}
