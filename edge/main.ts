import { getRandomValues } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import type { FlowParts } from './flow/house.ts'
import type { EdgeNode } from './flow.ts'
import type { EnrolledKeys, NodeKeys } from './join/keys.ts'
import type { Closed } from './join/private.ts'
import type { Renewal } from './join/renewal.ts'
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
  if (!/^[0-9]{4,8}$/.test(given)) throw fault('pin.malformed')
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
  ;(await import('./join/private.ts')).keepPrivate(home)
  const wish = { hub, code, folder: join(home, 'keys'), ...settings.namedSoFar(home) }
  const joined =
    verb === 'rotate'
      ? await (await import('./join/rotate.ts')).rotateKeys(openCrypto(), wish)
      : await (await import('./join/join.ts')).joinCounty(openCrypto(), { ...wish, replace })
  if (joined) (await import('./settings-kept.ts')).keepJoined(home, joined)
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
  const { keepPrivate } = await import('./join/private.ts')
  const closed = keepPrivate(settings.home)
  const { openKeys } = await import('./join/keys.ts')
  const keys = openKeys(join(settings.home, 'keys'))
  const timers = openTimers()
  try {
    await live(settings, { keys, closed }, timers, ended)
    return 0
  } finally {
    timers.close()
  }
}

interface Found {
  readonly keys: NodeKeys
  /** What others could read before this start. */
  readonly closed: Closed
}

const live = async (settings: Settings, { keys, closed }: Found, timers: Timers, ended: Promise<string>): Promise<void> => {
  const { node, parts, renewal } = await openNode(settings, keys, timers)
  const { mended, open } = closed
  if (mended.length > 0)
    parts.log.warn({ paths: mended.slice(0, TOLD_MAX), count: mended.length }, 'files that others could read were closed to them')
  if (open.length > 0) parts.log.error({ paths: open.slice(0, TOLD_MAX) }, 'files stayed open to others: they belong to another user')
  try {
    const page = await openNodePage(settings, keys, node, { ...parts, renewal })
    say(`${JSON.stringify({ ready: true, node: settings.node, ...page.addresses, pid: process.pid })}\n`, 0)
    parts.log.info({ signal: await ended }, 'the node was asked to end')
    await page.close()
  } finally {
    renewal?.close()
    await node.close()
  }
}

const openNode = async (
  settings: Settings,
  keys: NodeKeys,
  timers: Timers,
): Promise<{ readonly node: EdgeNode; readonly parts: FlowParts; readonly renewal: Renewal | null }> => {
  const { openEdge } = await import('./flow.ts')
  const { openSpare, WAL_PAGES } = await import('./database.ts')
  const { openCrypto } = await import('./crypto.ts')
  const { openLedgerFile } = await import('./ledger/salvage.ts')
  const { RING_SHAPE } = await import('./ledger/ring.ts')
  const { HEALTH_SHAPE } = await import('./devices/store.ts')
  const { upgradeLedger } = await import('./ledger/upgrade.ts')
  const { openKeptRoster } = await import('./access/kept.ts')
  const { openUnsealing } = await import('./access/seal.ts')
  const pagesMax = settings.databaseMbMax === null ? {} : { pagesMax: settings.databaseMbMax * PAGES_PER_MB }
  const crypto = openCrypto()
  const options = { synchronous: 'FULL', walPages: WAL_PAGES, upgrade: upgradeLedger(crypto), ...pagesMax } as const
  const { db: ledger, salvaged } = openLedgerFile(join(settings.home, 'node.sqlite'), options, crypto, Date.now())
  const ring = openSpare(join(settings.home, 'ring.sqlite'), RING_SHAPE, Date.now())
  const health = openSpare(join(settings.home, 'health.sqlite'), HEALTH_SHAPE, Date.now())
  let node: EdgeNode | null = null
  // The line asks when it connects, and then the node stands.
  const { parts, renewal } = await partsOf(settings, keys, timers, () => node?.line.hubKeys() ?? [])
  for (const { aside } of [ring, health])
    if (aside) parts.log.error({ aside }, 'a file of raw reads or device figures was damaged and set aside')
  const people = { kept: openKeptRoster(keys.folder), unseal: openUnsealing(keys.signing) }
  node = openEdge(settings, parts, { people, ledger, ring: ring.db, health: health.db, credentials: keys.enrolled, salvaged })
  return { node, parts, renewal }
}

const openNodePage = async (
  settings: Settings,
  keys: NodeKeys,
  node: EdgeNode,
  { renewal, ...parts }: FlowParts & { readonly renewal: Renewal | null },
) => {
  const { openPage } = await import('./page/page.ts')
  const { openKeptTries } = await import('./access/locks.ts')
  const { httpHost, httpPort, httpsHost, httpsPort, names, pages, idleMinutes } = settings
  const page = renewal?.page() ?? null
  return openPage({
    ...parts,
    ...node,
    node: settings.node,
    version: VERSION,
    link: node.line.link,
    renewal,
    tries: openKeptTries(keys.folder, (why) => parts.log.warn({ why }, 'wrong tries at the sign-in could not be written down')),
    broke: (error) => parts.log.error({ error: String(error instanceof Error ? error.stack : error) }, 'the page broke while it answered'),
    settings: {
      http: { host: httpHost, port: httpPort },
      https: page && { host: httpsHost, port: httpsPort, ...page },
      ...{ names, pages, idleMs: idleMinutes * 60_000, sessionSecret: keys.sessionSecret },
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
const partsOf = async (
  settings: Settings,
  keys: NodeKeys,
  timers: Timers,
  hubKeys: () => readonly string[],
): Promise<{ readonly parts: FlowParts; readonly renewal: Renewal | null }> => {
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
  const log = openLog(settings.logLevel, node)
  const renewal = enrolled && (await openOwnRenewal(settings, enrolled, { clock, timers, random, log }))
  const lines = urls.flatMap((url) =>
    renewal
      ? [renewal.along(openMqtt({ url, node, papers: renewal.tls, authority: enrolled.authority, hubKeys }, { clock, timers, random }))]
      : [],
  )
  const [openLink = openNothing, ...otherLinks] = lines
  const parts = {
    ...{ crypto, clock, timers, random, openPort, openLink, otherLinks, log, software: `lotkeeper ${VERSION}` },
    signer: openSigner(crypto, keys.signing),
    boot: { id: bootId(), upMs: () => bootedMs + clock.monotonic() },
  }
  return { parts, renewal }
}

const openOwnRenewal = async (
  { node, home, names }: Settings,
  enrolled: EnrolledKeys,
  { log, ...parts }: Pick<FlowParts, 'clock' | 'timers' | 'random' | 'log'>,
): Promise<Renewal> => {
  const { openRenewal } = await import('./join/renewal.ts')
  return openRenewal({
    ...{ ...parts, node, enrolled, names, folder: join(home, 'keys') },
    told: (is, facts) => {
      if (is === 'renewed') log.info(facts, 'the certificates of this node were renewed')
      if (is === 'not-taken') log.warn(facts, 'the hub answered a renewal with certificates that were not asked for')
      if (is === 'ended') log.error(facts, 'the certificate of this node has ended: it needs an enrolment code')
    },
  })
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
/** A log line names no more paths. */
const TOLD_MAX = 20
