import { randomBytes } from 'node:crypto'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { openCrypto } from './crypto.ts'
import { enrolNode } from './enrol.ts'
import { faultOf } from './faults.ts'
import { type Hub, openHub } from './flow.ts'
import { type Log, openLog } from './log.ts'
import type { HubParts } from './parts.ts'
import { revokeNodeKeys, rotateHubKey } from './rekey.ts'
import { readSettings, SETTINGS, VARIABLES } from './settings.ts'

/** `lotkeeper hub [--home DIR]` runs until a signal; `enrol`, `revoke` and `rotate-key` ask the running one. Answers the exit code. */
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
const ASKING: Readonly<Record<string, typeof enrolNode>> = { enrol: enrolNode, revoke: revokeNodeKeys, 'rotate-key': rotateHubKey }

const serve = async (args: readonly string[]): Promise<number> => {
  const { values } = parseArgs({ args: [...args], options: { home: { type: 'string' } } })
  const settings = readSettings(values.home ?? null)
  mkdirSync(settings.home, { recursive: true })
  const log = openLog(settings.logLevel)
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
const announce = ({ addresses, epoch, made }: Hub, version: string): void => {
  if (made)
    process.stdout.write(
      `首次启动，请记下登录口令（只显示这一次）/ first start, note this password, it is shown once:\n  ${made.user}  ${made.password}\n`,
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

  lotkeeper hub rotate-key [--reason 原因] [--home DIR]
      让县中心从现在起用新密钥签名；各节点自动得知
      has the hub sign with a new key from now on; nodes learn of it by themselves

配置 / settings: DIR/hub.json, or the environment
${settingsRows()}
  secondCopy: 另一块盘上已存在的文件夹；县中心自己写的记录先落到那里才下发
              a folder that exists on another device; what the hub writes itself is there before anybody hears of it
  login: {"user", "name", "passwordHash"}；不写则首次启动生成口令并显示一次（忘记时删掉 DIR/keys/login.json 再启动）
         without it a password is made and shown once at first start (forgotten: remove DIR/keys/login.json and start again)
`
