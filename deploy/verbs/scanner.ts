import { GS_TEST_TEXT, gsCheck } from '@lotkeeper/edge/readers/barcode/gs-check.ts'
import { SCANNER_KIND_NAMES, type ScannerKindName } from '@lotkeeper/edge/readers/barcode/kinds.ts'
import { openScanner, type Scan } from '@lotkeeper/edge/readers/barcode/scanner.ts'
import { openPort } from '@lotkeeper/edge/serial/port.ts'

/** `lotkeeper scanner PORT [BAUD] [KIND]`: waits for the test symbol and says what the scanner made of it and what to set. 0 good, 1 not, 2 misuse. */
export const main = async (args: readonly string[]): Promise<number> => {
  const [address = '--help', baudText = '9600', kind = 'line', more] = args
  const baud = Number(baudText)
  const known = SCANNER_KIND_NAMES.find((name) => name === kind)
  if (address.startsWith('-') || more !== undefined || known === undefined || !Number.isInteger(baud) || baud < 300) {
    process.stdout.write(HELP)
    return address === '--help' && args.length === 1 ? 0 : 2
  }
  process.stdout.write(ASKED)
  const told = await scannerTrial({ address, baud, kind: known, waitMs: WAIT_MS })
  process.stdout.write(`${told.lines.join('\n')}\n`)
  return told.good ? 0 : 1
}

/** Opens the scanner, takes one scan, judges it as the test symbol. Lines for a person, Chinese first. */
export const scannerTrial = async ({ address, baud, kind, waitMs }: Trial): Promise<TrialTold> => {
  let heard: (scan: Scan | null) => void = () => {}
  const came = new Promise<Scan | null>((resolve) => {
    heard = resolve
  })
  const late = setTimeout(() => heard(null), waitMs)
  const scanner = openScanner(
    PARTS,
    { id: 'trial', address, baud, protocol: kind },
    { scan: heard, garbage: () => {}, state: () => {}, gap: () => {} },
  )
  const scan = await came
  clearTimeout(late)
  const { connected, counters } = scanner.state()
  await scanner.close()
  if (scan === null) return { good: false, lines: connected ? [SILENT, `${counters.garbageBytes} B`] : [CLOSED] }
  const { is, separator, zh, en } = gsCheck(scan.text)
  const shown = separator === null ? [] : [`separator: ${JSON.stringify(separator)}`]
  return { good: is === 'good', lines: [JSON.stringify(scan.text), zh, en, ...shown] }
}

interface Trial {
  readonly address: string
  readonly baud: number
  readonly kind: ScannerKindName
  readonly waitMs: number
}
interface TrialTold {
  readonly good: boolean
  readonly lines: readonly string[]
}

const PARTS = {
  clock: { now: Date.now, monotonic: () => performance.now() },
  timers: {
    after: (ms: number, run: () => void) => {
      const timer = setTimeout(run, ms)
      return () => clearTimeout(timer)
    },
  },
  random: { fraction: Math.random },
  openPort,
}
/** Time for a person to take the scanner and find the symbol. */
const WAIT_MS = 60_000
const SILENT =
  '没有收到扫码；收到的杂乱字节数如下，若不为 0，多半是波特率不对 / no scan came; bytes that were none, if any, mean a wrong baud rate:'
const CLOSED = '端口打不开 / the port did not open'
const ASKED = `请扫测试码（GS1 DataMatrix）/ scan the test symbol (GS1 DataMatrix): ${JSON.stringify(GS_TEST_TEXT)}\n`
const HELP = `lotkeeper scanner PORT [BAUD] [${SCANNER_KIND_NAMES.join('|')}]

  用一个内容已知的码检查扫码枪是否发送 AIM 标识和分隔符 GS；只听不改
  checks with a symbol of known text whether a scanner sends the AIM id and the separator GS; changes nothing

  lotkeeper scanner /dev/serial/by-id/usb-... 9600
`
