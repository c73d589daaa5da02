import type { LineOrderName } from '@lotkeeper/edge/readers/barcode/line-orders.ts'

/** The serial commands of a maker's scanner: what they set, and what is answered. Makers without public commands stay silent. */
export const createScannerMenu = (kind: LineOrderName, memory: MenuMemory): ScannerMenu => {
  let held = ''
  const commands: string[] = []
  const rows = kind === 'honeywell' || kind === 'newland' ? MENUS[kind] : []
  return {
    hear: (bytes) => {
      held = `${held}${String.fromCharCode(...bytes)}`.slice(-HELD_MAX)
      const answers: Uint8Array[] = []
      for (const { before, closings, run } of rows) {
        for (let found = commandIn(held, before, closings); found !== null; found = commandIn(held, before, closings)) {
          held = found.left
          commands.push(found.command || before)
          answers.push(Uint8Array.from(run(memory, found.command, found.closing), (letter) => letter.charCodeAt(0)))
        }
      }
      return answers
    },
    commands: () => [...commands],
  }
}

export interface ScannerMenu {
  /** The answers to what was heard, in order. */
  readonly hear: (bytes: Uint8Array) => readonly Uint8Array[]
  /** Commands heard so far. */
  readonly commands: () => readonly string[]
}

/** What a scanner is set to send. */
export interface MenuMemory {
  aim: boolean
  codeId: boolean
  prefix: string
  suffix: string
  terminator: string
}

interface MenuRow {
  readonly before: string
  /** Any of these ends the command. */
  readonly closings: readonly string[]
  readonly run: (memory: MenuMemory, command: string, closing: string) => string
}

const ENQ = '\x05'
const ACK = '\x06'
const NAK = '\x15'
const HELD_MAX = 512

/** `5C80` and `5C81` stand for code id and AIM id among the hex letters of a prefix. */
const PREFIX_HEX = /^PREBK299((?:[0-9A-F]{2})+)$/i
const SUFFIX_HEX = /^SUFBK299((?:[0-9A-F]{2})+)$/i

/** What a Honeywell command does: the letters between its tag and the judgement. */
const honeywell = (memory: MenuMemory, command: string): string => {
  const upper = command.toUpperCase()
  const lettersOf = (hex: string) => Buffer.from(hex.replaceAll(/5C8[01]/gi, ''), 'hex').toString('latin1')
  const prefix = PREFIX_HEX.exec(upper)?.[1]
  const suffix = SUFFIX_HEX.exec(upper)?.[1]
  if (upper === 'PRECA2') Object.assign(memory, { aim: false, codeId: false, prefix: '' })
  else if (upper === 'SUFCA2') Object.assign(memory, { suffix: '', terminator: '' })
  else if (prefix !== undefined) {
    Object.assign(memory, {
      aim: memory.aim || prefix.includes('5C81'),
      codeId: memory.codeId || prefix.includes('5C80'),
      prefix: lettersOf(prefix),
    })
  } else if (suffix !== undefined) memory.terminator += lettersOf(suffix)
  else if (upper === 'PREBK2?') return `PREBK299${memory.codeId ? '5C80' : ''}${memory.aim ? '5C81' : ''}${ACK}`
  else return `${command}${/^(PREBK2|SUFBK2)/.test(upper) ? NAK : ENQ}`
  return `${command}${ACK}`
}

const newland = (memory: MenuMemory, command: string): string => {
  if (command === 'AIDENA*') return `AIDENA${memory.aim ? 1 : 0}${ACK}`
  const [, tag = '', value = ''] = /^(AIDENA|CIDENA)(.*)$/.exec(command) ?? []
  if (tag === '') return `${command}${ENQ}`
  if (value !== '0' && value !== '1') return `${command}${NAK}`
  if (tag === 'AIDENA') memory.aim = value === '1'
  if (tag === 'CIDENA') memory.codeId = value === '1'
  return `${command}${ACK}`
}

/** The first whole command in what was heard, and what is left without it. */
const commandIn = (heard: string, before: string, closings: readonly string[]) => {
  const at = heard.indexOf(before)
  if (at < 0) return null
  const from = at + before.length
  const ends = closings.map((closing) => ({ closing, end: heard.indexOf(closing, from) })).filter(({ end }) => end >= 0)
  const [first] = ends.sort((one, other) => one.end - other.end)
  if (first === undefined) return null
  const { closing, end } = first
  return { command: heard.slice(from, end), closing, left: heard.slice(0, at) + heard.slice(end + closing.length) }
}

const MENUS: Readonly<Record<'honeywell' | 'newland', readonly MenuRow[]>> = {
  honeywell: [
    {
      before: '\x16M\r',
      closings: ['!', '.'],
      run: (memory, command, closing) => `${honeywell(memory, command)}${closing}`,
    },
  ],
  newland: [
    {
      before: '~\x010000#',
      closings: [';\x03'],
      run: (memory, command, closing) => `\x02\x010000#${newland(memory, command)}${closing}`,
    },
  ],
}
