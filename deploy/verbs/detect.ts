import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { detectReader, type FoundReader, type Step } from '@lotkeeper/edge/readers/detect.ts'
import { FAMILIES } from '@lotkeeper/edge/readers/uhf/families.ts'
import { serialAddresses, stableAddress } from '@lotkeeper/edge/serial/addresses.ts'
import { openPort, PORT_FAULTS, placeOf } from '@lotkeeper/edge/serial/port.ts'
import { homeOf, type ReaderSetting } from '@lotkeeper/edge/settings.ts'
import { keepReader } from '@lotkeeper/edge/settings-kept.ts'

/** `lotkeeper detect PORT`: which reader hangs there, and the lines of `edge.json` for it; with `--door` and `--side` it puts them there. */
export const main = async (args: readonly string[]): Promise<number> => {
  const asked = readArgs(args)
  if (asked === null) return print(process.stderr, HELP, 2)
  if (asked.help) return print(process.stdout, HELP, 0)
  if (asked.port === null) return list()
  if (placeOf(asked.port) === null)
    return print(process.stderr, `${PORT_FAULTS['serial.address-wrong'].zh}\n${PORT_FAULTS['serial.address-wrong'].en}\n`, 2)
  try {
    const address = await stableAddress(asked.port)
    const found = await detectReader({ openPort, pause: (ms) => pause(ms) }, asked.port, tellStep)
    if (found === null) return print(process.stderr, NOTHING, 1)
    return found.kind === 'reader' ? tellFound(asked, address, found) : tellScanner(asked, address, found.baud)
  } catch (thrown) {
    return tellFault(thrown)
  }
}

interface Asked {
  readonly port: string | null
  readonly home: string | undefined
  readonly device: string | undefined
  readonly door: string | undefined
  readonly side: 'inside' | 'outside' | undefined
  readonly help: boolean
}

const readArgs = (args: readonly string[]): Asked | null => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const { side, door, help = false } = values
    if (positionals.length > 1 || (side !== undefined && side !== 'inside' && side !== 'outside')) return null
    if ((side === undefined) !== (door === undefined)) return null
    return { port: positionals[0] ?? null, home: values.home, device: values.device, door, side, help }
  } catch {
    return null
  }
}

const OPTIONS = {
  home: { type: 'string' },
  device: { type: 'string' },
  door: { type: 'string' },
  side: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const tellStep = ({ baud }: Step): void => void process.stderr.write(`${baud} bit/s …\n`)

const tellFound = (asked: Asked, address: string, { family, baud, learned, wasReading }: FoundReader): number => {
  const what = [FAMILIES[family].name, learned.version, learned.firmware].filter(Boolean).join(' · ')
  process.stderr.write(`找到 / found: ${what}（${baud} bit/s）\n`)
  if (wasReading) process.stderr.write('它正在读卡，已令其停止 / it was reading, and was told to stop\n')
  const { door, side } = asked
  const device = asked.device ?? (door === undefined ? `${family}-1` : `${door}-${side}`)
  const usual = FAMILIES[family].bauds[0] === baud
  const section = { device, kind: 'reader', family, address, ...(usual ? {} : { baud }), region: 'CN900', powerDbm: POWER_DBM } as const
  if (door === undefined || side === undefined) {
    process.stdout.write(`${JSON.stringify({ ...section, door: '?', side: 'inside' }, null, 2)}\n`)
    process.stderr.write(HOW_ON)
    return 0
  }
  const home = homeOf(asked.home ?? null)
  const setting: ReaderSetting = { ...section, door, side }
  const replaced = keepReader(home, setting)
  process.stdout.write(`${JSON.stringify(setting, null, 2)}\n`)
  process.stderr.write(
    `已写入 / written: ${home}/edge.json${replaced === null ? '' : `，替换了 / in the place of ${replaced}`}。重启本站后生效 / taken at the next start\n`,
  )
  return 0
}

const tellScanner = ({ device = 'table-scanner' }: Asked, address: string, baud: number): number => {
  process.stderr.write(`找到 / found: SSI 扫码枪 / SSI scanner（${baud} bit/s）\n`)
  process.stdout.write(`${JSON.stringify({ device, kind: 'scanner', protocol: 'ssi', address, baud }, null, 2)}\n`)
  process.stderr.write('把这一段放进 edge.json 的 devices / put this into "devices" of edge.json\n')
  return 0
}

const list = async (): Promise<number> => {
  const addresses = await serialAddresses()
  if (addresses.length === 0) return print(process.stdout, `没有发现串口设备 / no serial device was found\n\n${HELP}`, 1)
  return print(process.stdout, `${addresses.join('\n')}\n`, 0)
}

const tellFault = (thrown: unknown): number => {
  if (!(thrown instanceof Error) || !('code' in thrown)) throw thrown
  const { zh, en } = thrown as { readonly zh?: string; readonly en?: string }
  const known = PORT_FAULTS[thrown.code as keyof typeof PORT_FAULTS] as { readonly zh: string; readonly en: string } | undefined
  if (known === undefined && zh === undefined) throw thrown
  const why = thrown.cause instanceof Error ? `\n${thrown.cause.message}` : ''
  return print(process.stderr, `${zh ?? known?.zh}\n${en ?? known?.en}${why}\n[${String(thrown.code)}]\n`, 1)
}

const print = (to: NodeJS.WriteStream, text: string, exit: number): number => {
  to.write(text)
  return exit
}

/** What is enough for a doorway with most antennas and lawful with all; more is set by hand. */
const POWER_DBM = 26

const NOTHING = `没有认出读写器：检查电源和接线，或是它正被别的程序占用
no known reader answered: check power and cable, or whether another program uses it
`
const HOW_ON = `把这一段放进 edge.json 的 devices，或加上 --door 门 --side inside|outside 由本命令写入
put this into "devices" of edge.json, or give --door and --side and it is written for you
`
const HELP = `lotkeeper detect [PORT] [--door DOOR --side inside|outside] [--device ID] [--home DIR]

  PORT 为 /dev/... 或 tcp://主机:端口；不写则列出串口。只问不改，几秒完成
  PORT is /dev/... or tcp://host:port; without it the serial ports are listed. Asks only, changes nothing, takes seconds
  给出 --door 与 --side 时写入 <DIR>/edge.json / with --door and --side it writes <DIR>/edge.json
`
