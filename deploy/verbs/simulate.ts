import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { FAMILIES, FAMILY_NAMES, type FamilyName, familyOf } from '@lotkeeper/edge/readers/uhf/families.ts'
import { openDoorway } from '../county/doorway.ts'
import { playWords, SIMULATE_WORDS } from './simulate-words.ts'

/**
 * `lotkeeper simulate`: the devices of one door on real pseudo-terminals (or TCP), a scanner, and people who walk when told to. Prints one JSON line with
 * the `devices` for `edge.json`, then reads a word a line; ends with `quit`, the end of its input, or Ctrl-C.
 */
export const main = async (args: readonly string[]): Promise<number> => {
  const asked = readArgs(args)
  if (asked === null || asked.help) {
    ;(asked === null ? process.stderr : process.stdout).write(HELP)
    return asked === null ? 2 : 0
  }
  const { family, single, wires, folder, seed } = asked
  const doorway = await openDoorway({ folder, seed, wires, family, single })
  if (doorway.fellBack !== null) process.stderr.write(`没有伪终端，改走 TCP / no pseudo-terminal, TCP instead: ${doorway.fellBack}\n`)
  process.stdout.write(`${JSON.stringify({ ready: true, devices: doorway.devices('main') })}\n`)
  process.stderr.write(SIMULATE_WORDS)
  const lines = createInterface({ input: process.stdin })
  const stop = () => lines.close()
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
  for await (const line of lines) {
    const said = await playWords(doorway, line.trim().split(/\s+/).filter(Boolean), seed)
    if (said === null) break
    if (said !== '') process.stderr.write(`${said}\n`)
  }
  // An input that stays open would keep the process.
  process.stdin.destroy()
  await doorway.close()
  return 0
}

interface Asked {
  readonly family: FamilyName
  readonly single: boolean
  readonly wires: 'pty' | 'tcp'
  readonly folder: string
  readonly seed: number
  readonly help: boolean
}

const readArgs = (args: readonly string[]): Asked | null => {
  try {
    const { values } = parseArgs({ args: [...args], options: OPTIONS })
    const family = FAMILY_NAMES.find((name) => FAMILIES[name] === familyOf(values.family ?? 'bb7e'))
    const seed = Number(values.seed ?? 1)
    if (family === undefined || !Number.isSafeInteger(seed)) return null
    const folder = values.folder ?? join(tmpdir(), `lotkeeper-door-${process.pid}`)
    return { family, single: values.single ?? false, wires: values.tcp ? 'tcp' : 'pty', folder, seed, help: values.help ?? false }
  } catch {
    return null
  }
}

const OPTIONS = {
  family: { type: 'string' },
  single: { type: 'boolean' },
  tcp: { type: 'boolean' },
  folder: { type: 'string' },
  seed: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const

const HELP = `lotkeeper simulate [--family ${FAMILY_NAMES.join('|')}] [--single] [--tcp] [--folder DIR] [--seed N]

  模拟一扇门：两侧各一台读写器（--single 为一台两天线），加一把扫码枪，走真实串口字节
  one door: a reader on each side (--single: one reader with two antennas) and a scanner, real bytes on pseudo-terminals
  打印 edge.json 的 devices，然后逐行听命令 / prints "devices" for edge.json, then takes words line by line

${SIMULATE_WORDS}`
