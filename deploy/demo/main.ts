import { mkdirSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type County, openCounty } from '../county/county.ts'
import { openActs } from './acts.ts'
import { type DemoArgs, readArgs, USAGE } from './args.ts'
import { askDemo, openControl, runningIn, sayWhy } from './control.ts'
import { type Keepers, openKeepers } from './keepers.ts'
import { openPeople, type People } from './people.ts'

/** `lotkeeper demo`: runs the demo county until Ctrl-C, or, with words, asks the one that runs. */
export const main = async (args: readonly string[]): Promise<number> => {
  const asked = readArgs(args)
  if (asked === 'help') return print(USAGE)
  if (typeof asked === 'string') return complain(asked)
  const home = resolve(asked.home ?? join(fileURLToPath(new URL('../..', import.meta.url)), '.lotkeeper', 'demo'))
  return asked.words.length > 0 ? drive(home, asked.words) : run(home, asked)
}

/** The demo's usual ports; taken ones are replaced and named. */
const PORTS = { http: 8080, https: 8443, broker: 8883, nodes: 8101 }
/** Between two acts of the demo's people. */
const ACT_EVERY_MS = 4_000

const print = (text: string): number => {
  process.stdout.write(`${text}\n`)
  return 0
}
const complain = (text: string): number => {
  process.stderr.write(`${text}\n`)
  return 2
}

const drive = async (home: string, words: readonly string[]): Promise<number> => {
  const answer = await askDemo(home, words)
  if (!answer) return complain(`演示县没有在运行（${home}），先执行 npm start / no demo runs there: npm start first`)
  return answer.ok ? print(answer.text) : complain(answer.text)
}

const run = async (home: string, asked: DemoArgs): Promise<number> => {
  const running = runningIn(home)
  if (running) return complain(`演示县已在运行（进程 ${running.pid}，${home}） / a demo runs there already (pid ${running.pid})`)
  if (asked.fresh) rmSync(home, { recursive: true, force: true })
  mkdirSync(home, { recursive: true })
  const ending = endingSignal()
  print('演示县启动中：县中心和三个乡镇站 / starting the demo county: a hub and three township nodes')
  const county = await openCounty({ home, ports: asked.anyPorts ? null : PORTS, wires: asked.wires, say: print })
  const today = () => new Intl.DateTimeFormat('sv-SE', { timeZone: 'Asia/Shanghai' }).format(new Date())
  const people = openPeople(county, today)
  const keepers = openKeepers(county, today)
  const control = await openControl(home, openActs(county, people, keepers))
  print(poster(county, home))
  const live = asked.quiet ? Promise.resolve() : liveOn(county, { ...people, ...keepers }, ending.signal)
  await ending.ended
  print('\n正在停止 … / stopping')
  await control.close()
  await Promise.race([live, new Promise((done) => setTimeout(done, 3_000))])
  await county.close()
  print('已停止，数据保留 / stopped, data kept')
  return 0
}

const endingSignal = () => {
  const controller = new AbortController()
  const ended = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true }))
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => controller.abort())
  return { signal: controller.signal, ended }
}

const poster = (county: County, home: string): string =>
  [
    '',
    `  看板 Dashboard    ${county.dashboard()}    用户 user ${county.login.user}  口令 password ${county.login.password}`,
    ...county.townships.map((town) => `  库房页 Stockroom  ${town.page()}    ${town.node}  PIN 2580    HTTPS ${town.securePage()}`),
    `  MQTT             ${county.broker()}    节点证书登录 / by node certificate`,
    `  API              ${county.dashboard()}/api/openapi.json`,
    `  数据 Data         ${home}`,
    ...(county.townships.some((town) => town.doorway.fellBack)
      ? [`  设备走 TCP / devices hang on TCP: ${county.townships[0]?.doorway.fellBack}`]
      : []),
    '',
    '  另开终端试试 / from a second terminal:  npx lotkeeper demo carry in qinglong',
    '  Ctrl-C 停止 / stops',
    '',
  ].join('\n')

/** People live on until the end: first every store is filled, then one act after another. */
const liveOn = async (county: County, people: People & Keepers, signal: AbortSignal): Promise<void> => {
  const act = async (node: string, what: () => Promise<string>) => {
    const said = await what().catch((error: unknown) => `（${sayWhy(error)}）`)
    if (!signal.aborted) print(`  ${clock()} ${node}: ${said}`)
  }
  const nodes = county.townships.map((town) => town.node)
  await Promise.all(
    nodes.map(async (node) => {
      for (let load = 0; load < FIRST_LOADS && !signal.aborted; load += 1) await act(node, () => people.deliver(node, 3))
      await act(node, () => people.accept(node))
      // Every page has something to show from the first minute.
      for (const once of [people.count, people.repack, people.ship]) await act(node, () => once(node))
    }),
  )
  while (!signal.aborted) {
    const node = nodes[Math.floor(Math.random() * nodes.length)] ?? 'qinglong'
    await act(node, drawAct(people, node))
    await sleep(ACT_EVERY_MS * (0.5 + Math.random()), signal)
  }
}

const FIRST_LOADS = 2

/** Issues are the most frequent, as in a real stockroom. */
const drawAct = (people: People & Keepers, node: string): (() => Promise<string>) => {
  const draw = Math.random()
  const row = DRAWS.find(([below]) => draw < below) ?? DRAWS[0]
  return () => people[row[1]](node)
}

const DRAWS = [
  [0.28, 'issue'],
  [0.42, 'deliver'],
  [0.57, 'accept'],
  [0.66, 'carryOut'],
  [0.74, 'answer'],
  [0.77, 'repack'],
  [0.8, 'ship'],
  [0.92, 'receiveShipped'],
  [0.94, 'clearOut'],
  [0.98, 'scan'],
  [1, 'hesitate'],
] as const satisfies readonly (readonly [number, keyof People | keyof Keepers])[]

const clock = (): string =>
  new Intl.DateTimeFormat('zh-CN', { timeStyle: 'medium', hour12: false, timeZone: 'Asia/Shanghai' }).format(new Date())

const sleep = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms)
    signal.addEventListener(
      'abort',
      () => {
        clearTimeout(timer)
        resolve()
      },
      { once: true },
    )
  })
