import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { familyOf } from '@lotkeeper/edge/readers/uhf/families.ts'
import { openReader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import { type OpenPort, openPort, placeOf } from '@lotkeeper/edge/serial/port.ts'
import { REAL_PARTS } from '../simulators/real-parts.ts'
import { openRecording, type Recording } from './recording.ts'

/**
 * `lotkeeper capture PORT --family F`: brings the reader to reading and records every byte both ways as JSON lines that `replay` plays; without a
 * family it only listens. Ends with Ctrl-C or after `--seconds`.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const asked = readArgs(args)
  if (asked === null || asked.help) return print(asked === null ? process.stderr : process.stdout, HELP, asked === null ? 2 : 0)
  const output = asked.out === undefined ? process.stdout : createWriteStream(asked.out, { flags: 'wx', flush: true })
  const recording = openRecording({
    write: (line) => void output.write(line),
    gapMs: asked.family?.framing.gapMs ?? LISTENED_GAP_MS,
    now: () => performance.now(),
  })
  const ended = stopOf(asked.seconds)
  if (output !== process.stdout) {
    const opened = await Promise.race([once(output, 'open'), once(output, 'error')])
    if (opened[0] instanceof Error) return print(process.stderr, `${opened[0].message}\n`, 1)
  }
  const close = asked.family === null ? await listen(asked, recording) : read(asked, recording)
  if (close === null) return 1
  process.stderr.write('录制中，Ctrl-C 结束 / recording until Ctrl-C\n')
  await ended
  await close()
  if (output !== process.stdout) await new Promise<void>((resolve) => output.end(() => resolve()))
  const { chunks, bytes } = recording.state()
  return print(process.stderr, `录得 / recorded: ${chunks} × ${bytes} B\n`, 0)
}

/** The driver's own life with the module, everything it says and hears written down. */
const read = ({ port, family, baud, region, power, antennas }: Asked, recording: Recording): (() => Promise<void>) => {
  const name = family?.name.toLowerCase() as Parameters<typeof openReader>[1]['family']
  const reader = openReader(
    { ...REAL_PARTS, openPort: recorded(recording) },
    {
      id: 'capture',
      address: port,
      family: name,
      region,
      powerDbm: power,
      session: 0,
      ports: antennas,
      ...(baud === undefined ? {} : { baud }),
    },
    {
      told: () => {},
      noise: () => {},
      state: ({ phase, version }) => void process.stderr.write(`${phase} ${version ?? ''}\n`),
      gap: ({ why, detail, to }) => void process.stderr.write(`${why} ${detail} ${to === null ? '…' : 'ok'}\n`),
    },
  )
  return reader.close
}

const recorded =
  (recording: Recording): OpenPort =>
  async (address, options, on) => {
    const port = await openPort(address, options, {
      chunk: (bytes) => {
        recording.heard(bytes)
        on.chunk(bytes)
      },
      lost: on.lost,
    })
    return {
      write: async (bytes) => {
        recording.said(bytes)
        await port.write(bytes)
      },
      close: port.close,
    }
  }

const listen = async ({ port, baud = 115_200 }: Asked, recording: Recording): Promise<(() => Promise<void>) | null> => {
  try {
    const opened = await openPort(port, { baud }, { chunk: recording.heard, lost: (why) => void process.stderr.write(`${why}\n`) })
    return opened.close
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return null
  }
}

const stopOf = (seconds: number | null): Promise<void> =>
  new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
    if (seconds !== null) setTimeout(resolve, seconds * 1_000)
  })

interface Asked {
  readonly port: string
  readonly family: ReturnType<typeof familyOf>
  readonly baud: number | undefined
  readonly region: 'CN900' | 'US' | 'EU' | 'CN800' | 'KR'
  readonly power: number
  /** Antenna ports of the reader that read, ascending. */
  readonly antennas: readonly number[]
  readonly seconds: number | null
  readonly out: string | undefined
  readonly help: boolean
}

const readArgs = (args: readonly string[]): Asked | null => {
  try {
    const { values, positionals } = parseArgs({ args: [...args], options: OPTIONS, allowPositionals: true })
    const family = values.family === undefined ? null : familyOf(values.family)
    const [port = ''] = positionals
    const numbers = [values.baud, values.power, values.seconds].map((text) => (text === undefined ? 1 : Number(text)))
    if (values.help) return { ...EMPTY, help: true }
    if (placeOf(port) === null || positionals.length > 1 || numbers.some((one) => !(one > 0))) return null
    if (values.family !== undefined && family === null) return null
    const antennas = antennasIn(values.antennas ?? '1')
    if (antennas === null) return null
    return {
      ...{ ...EMPTY, port, family, antennas, out: values.out },
      baud: values.baud === undefined ? undefined : Number(values.baud),
      power: Number(values.power ?? EMPTY.power),
      seconds: values.seconds === undefined ? null : Number(values.seconds),
    }
  } catch {
    return null
  }
}

/** `1,2`: each once, as they are counted on the housing. */
const antennasIn = (text: string): readonly number[] | null => {
  if (!/^[1-9]\d?(,[1-9]\d?)*$/.test(text)) return null
  return [...new Set(text.split(',').map(Number))].toSorted((one, other) => one - other)
}

const EMPTY: Asked = {
  ...{ port: '', family: null, baud: undefined, region: 'CN900', power: 20, antennas: [1] },
  ...{ seconds: null, out: undefined, help: false },
}
const OPTIONS = {
  family: { type: 'string' },
  baud: { type: 'string' },
  power: { type: 'string' },
  antennas: { type: 'string' },
  seconds: { type: 'string' },
  out: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const print = (to: NodeJS.WriteStream, text: string, exit: number): number => {
  to.write(text)
  return exit
}

/** Between an adapter's hold-back and a human's pause. */
const LISTENED_GAP_MS = 250

const HELP = `lotkeeper capture PORT [--family F] [--baud N] [--power DBM] [--antennas 1,2] [--seconds N] [--out FILE]

  录下读写器的原始字节，供 replay 重放：{"t":毫秒,"hex":"...","dir":"rx"|"tx"}；不写 --family 则只听不说
  records a reader's bytes for replay: {"t":ms,"hex":"...","dir":"rx"|"tx"}; without --family it only listens
  --antennas 一台读写器有几根天线就写几根，默认只用 1 / the antennas of the reader that read, the first alone by default
  --out 不会覆盖已有文件 / never overwrites a file
`
