import { getRandomValues } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import type { FlowParts } from './flow/house.ts'
import type { EdgeNode } from './flow.ts'
import type { NodeKeys } from './join/keys.ts'
import type { Settings } from './settings.ts'

/** `lotkeeper edge ...`: runs a node, enrols it, or makes a PIN's hash. Answers the exit code; what broke is told in both languages. */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const [verb, ...more] = positionals
    if (values.help || more.length > 0 || (verb !== undefined && !VERBS.includes(verb))) return say(HELP, values.help ? 0 : 2)
    if (verb === 'pin') return await pin()
    if (verb === 'join' || verb === 'rotate') {
      const { home = null, hub, code, replace = false } = values
      return hub && code ? await enrol({ verb, home, hub, code, replace }) : say(HELP, 2)
    }
    return await run(values.home ?? null)
  } catch (thrown) {
    return tell(thrown)
  }
}

const VERBS: readonly string[] = ['join', 'rotate', 'pin']
const OPTIONS = {
  home: { type: 'string' },
  hub: { type: 'string' },
  code: { type: 'string' },
  replace: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const

const HELP = `lotkeeper edge：乡镇站，连接读写器和扫码枪，本地记账 / a township node: readers, scanner, its own books

  lotkeeper edge [--home DIR]                                运行；设置在 <DIR>/edge.json / run; settings in <DIR>/edge.json
  lotkeeper edge join --hub https://HOST:PORT --code CODE    凭登记码入网（--replace 重新登记） / enrol with a code of the hub
  lotkeeper edge rotate --hub https://HOST:PORT --code CODE  用替换登记码更换本站密钥 / new keys for this node, by a replacing code
  lotkeeper edge pin                                         从标准输入读口令，打印其散列 / read a PIN, print what the settings need

  DIR 默认 ./lotkeeper-edge，或环境变量 LOTKEEPER_EDGE_HOME；其余设置也可用 LOTKEEPER_EDGE_* 给出
  DIR is ./lotkeeper-edge or LOTKEEPER_EDGE_HOME; other settings may come as LOTKEEPER_EDGE_* too
`

const say = (sentence: string, code: number): number => {
  ;(code === 0 ? process.stdout : process.stderr).write(sentence)
  return code
}

/** A fault is for a person: both languages and its code, no stack. A bug is not caught. */
const tell = (thrown: unknown): number => {
  if (!(thrown instanceof Error)) throw thrown
  const { zh, en, code } = thrown as { readonly zh?: unknown; readonly en?: unknown; readonly code?: unknown }
  if (typeof zh === 'string' && typeof en === 'string') return say(`${zh}\n${en}\n[${code}]\n`, 1)
  if (String(code).startsWith('ERR_PARSE_ARGS')) return say(`${thrown.message}\n${HELP}`, 2)
  throw thrown
}

const pin = async (): Promise<number> => {
  const [{ hashPin }, { fault }, given] = [await import('./crypto.ts'), await import('./faults.ts'), (await text(process.stdin)).trim()]
  if (!/^[0-9]{4,12}$/.test(given)) throw fault('pin.malformed')
  return say(`${hashPin(given)}\n`, 0)
}

interface EnrolWish {
  readonly verb: 'join' | 'rotate'
  readonly home: string | null
  readonly hub: string
  readonly code: string
  readonly replace: boolean
}

const enrol = async ({ verb, home: homeAsked, hub, code, replace }: EnrolWish): Promise<number> => {
  const [{ openCrypto }, settings] = [await import('./crypto.ts'), await import('./settings.ts')]
  const home = settings.homeOf(homeAsked)
  const wish = { hub, code, folder: join(home, 'keys'), ...settings.namedSoFar(home) }
  const joined =
    verb === 'rotate'
      ? await (await import('./join/rotate.ts')).rotateKeys(openCrypto(), wish)
      : await (await import('./join/join.ts')).joinCounty(openCrypto(), { ...wish, replace })
  if (joined) settings.keepJoined(home, joined)
  const where = joined ? [`：节点 ${joined.node}，县中心 ${joined.broker}`, ` as ${joined.node}, hub at ${joined.broker}`] : ['', '']
  const [zh, en] = verb === 'rotate' ? ['密钥已更换', 'keys rotated'] : ['已入网', 'enrolled']
  return say(`${zh}${where[0]} / ${en}${where[1]}\n重新启动节点后生效 / restart the node to use it\n`, 0)
}

/** Opens the node, says where it answers, and ends cleanly at SIGINT or SIGTERM. */
const run = async (homeAsked: string | null): Promise<number> => {
  const ended = new Promise<string>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve(signal))
  })
  const { readSettings } = await import('./settings.ts')
  const settings = readSettings(homeAsked)
  const { openKeys } = await import('./join/keys.ts')
  const keys = openKeys(join(settings.home, 'keys'))
  const timers = openTimers()
  try {
    await live(settings, keys, timers, ended)
    return 0
  } finally {
    timers.close()
  }
}

const live = async (settings: Settings, keys: NodeKeys, timers: Timers, ended: Promise<string>): Promise<void> => {
  const { node, parts } = await openNode(settings, keys, timers)
  try {
    const page = await openNodePage(settings, keys, node, parts)
    say(`${JSON.stringify({ ready: true, node: settings.node, ...page.addresses, pid: process.pid })}\n`, 0)
    parts.log.info({ signal: await ended }, 'the node was asked to end')
    await page.close()
  } finally {
    await node.close()
  }
}

const openNode = async (
  settings: Settings,
  keys: NodeKeys,
  timers: Timers,
): Promise<{ readonly node: EdgeNode; readonly parts: FlowParts }> => {
  const { openEdge } = await import('./flow.ts')
  const { openSpare, WAL_PAGES } = await import('./database.ts')
  const { openCrypto } = await import('./crypto.ts')
  const { openLedgerFile } = await import('./ledger/salvage.ts')
  const { RING_SHAPE } = await import('./ledger/ring.ts')
  const { HEALTH_SHAPE } = await import('./devices/store.ts')
  const { upgradeLedger } = await import('./ledger/upgrade.ts')
  const pagesMax = settings.databaseMbMax === null ? {} : { pagesMax: settings.databaseMbMax * PAGES_PER_MB }
  const crypto = openCrypto()
  const options = { synchronous: 'FULL', walPages: WAL_PAGES, upgrade: upgradeLedger(crypto), ...pagesMax } as const
  const { db: ledger, salvaged } = openLedgerFile(join(settings.home, 'node.sqlite'), options, crypto, Date.now())
  const ring = openSpare(join(settings.home, 'ring.sqlite'), RING_SHAPE, Date.now())
  const health = openSpare(join(settings.home, 'health.sqlite'), HEALTH_SHAPE, Date.now())
  let node: EdgeNode | null = null
  // The line asks when it connects, and then the node stands.
  const parts = await partsOf(settings, keys, timers, () => node?.line.hubKeys() ?? [])
  for (const { aside } of [ring, health])
    if (aside) parts.log.error({ aside }, 'a file of raw reads or device figures was damaged and set aside')
  node = openEdge(settings, parts, { ledger, ring: ring.db, health: health.db, credentials: keys.enrolled, salvaged })
  return { node, parts }
}

const openNodePage = async (settings: Settings, keys: NodeKeys, node: EdgeNode, parts: FlowParts) => {
  const { openPage } = await import('./page/page.ts')
  const { httpHost, httpPort, httpsHost, httpsPort, names, pages, keepers } = settings
  const page = keys.enrolled?.page ?? null
  return openPage({
    ...parts,
    ...node,
    node: settings.node,
    version: VERSION,
    link: node.line.link,
    broke: (error) => parts.log.error({ error: String(error instanceof Error ? error.stack : error) }, 'the page broke while it answered'),
    settings: {
      http: { host: httpHost, port: httpPort },
      https: page && { host: httpsHost, port: httpsPort, ...page },
      ...{ names, pages, keepers, sessionSecret: keys.sessionSecret },
    },
  })
}

type Timers = FlowParts['timers'] & { readonly close: () => void }

/** Node's timers, all of which end with the process's work: none may keep it alive. */
const openTimers = (): Timers => {
  const running = new Set<NodeJS.Timeout>()
  return {
    after: (ms, act) => {
      const timer = setTimeout(() => {
        running.delete(timer)
        act()
      }, ms)
      running.add(timer)
      return () => {
        running.delete(timer)
        clearTimeout(timer)
      }
    },
    close: () => {
      for (const timer of running) clearTimeout(timer)
    },
  }
}

/** The real world: clocks, ports, the line. */
const partsOf = async (settings: Settings, keys: NodeKeys, timers: Timers, hubKeys: () => readonly string[]): Promise<FlowParts> => {
  const { openCrypto, openSigner } = await import('./crypto.ts')
  const { openLog } = await import('./log.ts')
  const { openPort } = await import('./serial/port.ts')
  const { openMqtt } = await import('./uplink/mqtt.ts')
  const crypto = openCrypto()
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const random = { bytes: (count: number) => getRandomValues(new Uint8Array(count)), fraction: () => Math.random() }
  const bootedMs = uptime() * 1_000 - clock.monotonic()
  const { enrolled } = keys
  const { node } = settings
  const urls = enrolled ? [settings.broker, ...settings.brokers].filter((url) => url !== null) : []
  const lines = urls.flatMap((url) =>
    enrolled ? [openMqtt({ url, node, ...enrolled.tls, authority: enrolled.authority, hubKeys }, { clock, timers, random })] : [],
  )
  const [openLink = openNothing, ...otherLinks] = lines
  return {
    ...{ crypto, clock, timers, random, openPort, openLink, otherLinks, software: `lotkeeper ${VERSION}` },
    log: openLog(settings.logLevel, node),
    signer: openSigner(crypto, keys.signing),
    boot: { id: bootId(), upMs: () => bootedMs + clock.monotonic() },
  }
}

/** Before the node is enrolled there is nobody to speak to. */
const openNothing: FlowParts['openLink'] = () => ({ publish: () => Promise.reject(new Error('not enrolled')), close: async () => {} })

/** Linux names every boot of the machine; elsewhere the process stands for it. */
const bootId = (): string => {
  try {
    return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()
  } catch {
    return `pid-${process.pid}-${Math.round(Date.now() / 1_000)}`
  }
}

const VERSION: string = JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')).version
const PAGES_PER_MB = 256
