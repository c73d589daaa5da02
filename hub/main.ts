import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { keepPrivate } from './access/private.ts'
import { openCrypto } from './crypto.ts'
import { enrolNode } from './enrol.ts'
import { faultOf } from './faults.ts'
import { type Hub, openHub } from './flow.ts'
import { type Log, openLog } from './log.ts'
import type { HubParts } from './parts.ts'
import { resetPassword, revokeNodeKeys, rotateHubKey } from './rekey.ts'
import { readSettings, SETTINGS, VARIABLES } from './settings.ts'

/** `lotkeeper hub [--home DIR]` runs until a signal; `enrol`, `revoke`, `rotate-key` and `password` ask the running one. Answers the exit code. */
export const main = async (args: readonly string[]): Promise<number> => {
  try {
    if (args.includes('--help') || args.includes('-h')) {
      process.stdout.write(HELP)
      return 0
    }
    const asked = args[0] === undefined ? undefined : ASKING[args[0]]
    return asked ? await asked(args.slice(1), (home) => readSettings(home).home) : await serve(args)
  } catch (cause) {
    const known = faultOf(cause)
    if (known) process.stderr.write(`${known.message}\n`)
    else if (cause instanceof TypeError && 'code' in cause && String(cause.code).startsWith('ERR_PARSE_ARGS')) {
      process.stderr.write(`${cause.message}\n\n${HELP}`)
      return 2
    } else throw cause
    return 1
  }
}

/** Words that ask the hub that runs. */
const ASKING: Readonly<Record<string, typeof enrolNode>> = {
  enrol: enrolNode,
  revoke: revokeNodeKeys,
  'rotate-key': rotateHubKey,
  password: resetPassword,
}

const serve = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { home: { type: 'string' } } })
  const settings = readSettings(values.home ?? null)
  const closed = keepPrivate(settings.home)
  mkdirSync(settings.home, { recursive: true })
  const log = openLog(settings.logLevel)
  if (closed.mended.length > 0)
    log.warn('files that others could read were closed to them', { paths: closed.mended.slice(0, TOLD_MAX), count: closed.mended.length })
  if (closed.open.length > 0)
    log.error('files stayed open to others: they belong to another user', { paths: closed.open.slice(0, TOLD_MAX) })
  const end = Promise.withResolvers<number>()
  const failed = (why: unknown) => {
    log.error('the hub broke and ends', { err: why })
    end.resolve(1)
  }
  // Asked to end while still starting: the start is finished first, then undone in order.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => end.resolve(0))
  const version = ownVersion()
  const hub = await openHub(settings, ownParts(), { version, log, failed })
  const run = join(settings.home, 'run.json')
  try {
    tellRunning(run, `${JSON.stringify({ pid: process.pid, ...hub.addresses, epoch: hub.epoch, version })}\n`, log)
    announce(hub, version)
    log.info('the hub was opened', { ...hub.addresses, home: settings.home, epoch: hub.epoch })
    const code = await end.promise
    await hub.close()
    log.info('the hub was closed')
    return code
  } finally {
    rmSync(run, { force: true })
  }
}

/** A log line names no more paths. */
const TOLD_MAX = 20

/** Without room on the disk the hub serves all the same; only the command line of this machine does not find it. */
const tellRunning = (run: string, text: string, log: Log): void => {
  try {
    writeFileSync(run, text)
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')) throw cause
    log.warn('the disk had no room to say where the hub is reached', { run })
  }
}

/** One line for programs that wait for us, after what a person must see once. */
const announce = ({ addresses, epoch, setUpCode }: Hub, version: string): void => {
  const code = setUpCode()
  if (code !== null)
    process.stdout.write(
      `首次设置：打开 ${addresses.http}/ ，用这个设置码建立第一位管理员 / first set-up: open the page and make the first administrator with this code\n  ${code}\n`,
    )
  process.stdout.write(`${JSON.stringify({ ready: true, ...addresses, pid: process.pid, epoch, version })}\n`)
}

const ownParts = (): Omit<HubParts, 'signer'> => ({
  crypto: openCrypto(),
  clock: { now: Date.now, monotonic: () => performance.now() },
  timers: {
    after: (ms, run) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  },
  random: { bytes: (count) => randomBytes(count), fraction: Math.random },
})

const ownVersion = (): string =>
  String((JSON.parse(readFileSync(new URL('./package.json', import.meta.url), 'utf8')) as { readonly version: string }).version)

function settingsRows(): string {
  const names = new Map<string, string>(Object.entries(VARIABLES).map(([variable, name]) => [name, variable]))
  return Object.entries(SETTINGS.properties)
    .map(([name, schema]) => {
      const description = 'description' in schema ? String(schema.description) : ''
      return `  ${name.padEnd(16)}${(names.get(name) ?? '-').padEnd(34)}${description}`.trimEnd()
    })
    .join('\n')
}

/** What `lotkeeper hub --help` says; the list of settings follows from their schema. */
const HELP = `lotkeeper hub：县中心 / the county hub

  lotkeeper hub [--home DIR]
      运行到收到 Ctrl-C 为止；数据、密钥和配置都在 DIR（默认 ./lotkeeper-hub）
      runs until Ctrl-C; data, keys and settings are in DIR (default ./lotkeeper-hub)

  lotkeeper hub enrol --node ID --name 中文名 [--name-en NAME] [--zone ZONE]
                      [--room main:库房:store ...] [--replace] [--home DIR]
      向正在运行的县中心要一个节点登记码，24 小时内用一次
      asks the running hub for a node's one-time code, good for 24 hours
      例 / example:  lotkeeper hub enrol --node qinglong --name 青龙卫生院 --room main:库房:store --room ward:门诊:department

  lotkeeper hub revoke --node ID [--key KEY] [--reason 原因] [--home DIR]
      吊销一个节点的密钥（不写 --key 则全部）：它再也连不上，此前的账不变
      revokes keys of a node (all of them without --key): it is shut out, what it signed before stays

  lotkeeper hub password --user 登录名 [--home DIR]
      忘了口令：给这个人一个一次性代码，凭它在登录页设新口令
      forgotten password: a one-time code by which that person sets a new one on the sign-in page

  lotkeeper hub rotate-key [--reason 原因] [--home DIR]
      让县中心从现在起用新密钥签名；各节点自动得知
      has the hub sign with a new key from now on; nodes learn of it by themselves

配置 / settings: DIR/hub.json, or the environment
${settingsRows()}
  secondCopy: 另一块盘上已存在的文件夹；县中心自己写的记录先落到那里才下发
              a folder that exists on another device; what the hub writes itself is there before anybody hears of it
  login: {"user", "name", "passwordHash"}；县里还没有用户时由它建立第一位。不写则启动时显示设置码，在网页上建立第一位管理员
         makes the first user of a county that has none; without it a set-up code is shown at the start, for the page
  oidc: {"issuer", "clientId", "clientSecret", "name", "claim", "base"}；base 是浏览器访问县中心的地址，回调地址为 base/api/oidc/callback
        base is how browsers reach the hub; the provider sends them to base/api/oidc/callback
  outgoingHosts: 回调等外呼默认只去公网 https（443、8443）；内网主机按确切名称写在这里：
                 calls go to the public internet by https (443, 8443) only; name a host of your own network here, exactly:
                 ["his.county.local", "lab.county.local:9443", "http://10.1.2.3:8080"]；环境变量里用逗号分开 / commas in the environment
                 内网自签证书：NODE_EXTRA_CA_CERTS=/路径/ca.pem / an authority of your own: NODE_EXTRA_CA_CERTS=/path/ca.pem
`
