import { type Layout, layout, many, rest, u8, u16, u32 } from '../../../serial/layout.ts'

/** One command: its number, what is sent with it, and what comes back with status 00. */
export interface CommandRow {
  readonly code: number
  readonly ask: Layout<unknown>
  readonly reply: Layout<unknown>
}

const none = layout([])
const open = layout([['bytes', rest]])
/** Whatever an acknowledgement carries besides its status is not needed. */
const done = { reply: open } as const
const question = { ask: none } as const
/** Most settings are one command: `operation` 1 writes what follows, 2 reads. */
const setting = {
  ask: layout([
    ['operation', u8],
    ['values', many(u8)],
  ]),
  reply: open,
} as const

/** All settings of a reader in one block; the band is a first frequency, a step, and the number of the last channel, from 0. */
export const PARAMETERS = [
  ['address', u8],
  ['protocol', u8],
  ['workMode', u8],
  ['interface', u8],
  ['baud', u8],
  ['wiegand', u8],
  ['antennas', u8],
  ['region', u8],
  ['startMHz', u16],
  ['startKHz', u16],
  ['stepKHz', u16],
  ['lastChannel', u8],
  ['powerDbm', u8],
  ['area', u8],
  ['q', u8],
  ['session', u8],
  ['accessAddress', u8],
  ['accessLength', u8],
  ['filterSeconds', u8],
  ['triggerSeconds', u8],
  ['buzzer', u8],
  ['pollingInterval', u8],
] as const

/**
 * Every command known of the family [rfid.md 1.7; for the numbers and the parameter block, captured frames of a CF600 at
 * mithunbabbira/CHAFON_CF591_sample_linux and other public notes]; one row is all that the driver, the replay and the simulated module know of it.
 */
export const COMMANDS = {
  /** Type 0: so many seconds, 0 for ever; 1: so many rounds. Its tags and its rounds' ends are its only answers. */
  inventory: {
    code: 0x0001,
    ask: layout([
      ['type', u8],
      ['amount', u32],
    ]),
    reply: open,
  },
  stop: { ...question, ...done, code: 0x0002 },
  read: { code: 0x0003, ask: open, reply: open },
  write: { code: 0x0004, ask: open, reply: open },
  lock: { code: 0x0005, ask: open, reply: open },
  setSelectMask: { ...done, code: 0x0007, ask: open },
  setSelect: { ...done, code: 0x0010, ask: open },
  getSelect: { ...question, code: 0x0011, reply: open },
  setQuery: { ...done, code: 0x0012, ask: open },
  getQuery: { ...question, code: 0x0013, reply: open },
  kill: { code: 0x0014, ask: open, reply: open },
  init: { ...question, ...done, code: 0x0050 },
  reboot: { ...question, ...done, code: 0x0052 },
  setPower: {
    ...done,
    code: 0x0053,
    ask: layout([
      ['dbm', u8],
      ['reserved', u8],
    ]),
  },
  protocol: { ...setting, code: 0x0059 },
  network: { ...setting, code: 0x005f },
  /** By antenna: whether powers are told apart, then the powers. */
  antennaPower: {
    code: 0x0063,
    ask: layout([
      ['operation', u8],
      ['values', many(u8)],
    ]),
    reply: layout([
      ['operation', u8],
      ['isOn', u8],
      ['dbm', many(u8)],
    ]),
  },
  remoteNetwork: { ...setting, code: 0x0064 },
  deviceInfo: { ...question, code: 0x0070, reply: open },
  setParameters: { ...done, code: 0x0071, ask: layout(PARAMETERS) },
  getParameters: { ...question, code: 0x0072, reply: layout(PARAMETERS) },
  inputs: { ...setting, code: 0x0074 },
  wifi: { ...setting, code: 0x0075 },
  permission: { ...setting, code: 0x0076 },
  relay1: { code: 0x0077, ask: open, reply: open },
  relay2: { code: 0x0078, ask: open, reply: open },
  rssiFilter: { ...setting, code: 0x0079 },
  pins: { ...setting, code: 0x0080 },
  pinLevels: { ...question, code: 0x0081, reply: open },
  gateStatus: { code: 0x0082, ask: open, reply: open },
  /** On a gate its parameters, on a handheld the battery. */
  gateParameters: { code: 0x0083, ask: open, reply: open },
  easMask: { code: 0x0084, ask: open, reply: open },
  outputMode: { ...setting, code: 0x0088 },
  trigger: { code: 0x0089, ask: open, reply: open },
  readMode: { ...setting, code: 0x008e },
} as const satisfies Readonly<Record<string, CommandRow>>

export type CommandName = keyof typeof COMMANDS
/** Commands the driver may send: init, reboot and kill are known to be recognised, never to be sent. */
export type SafeName = Exclude<CommandName, 'init' | 'reboot' | 'kill'>
export type AskOf<N extends CommandName> = (typeof COMMANDS)[N]['ask'] extends Layout<infer V> ? V : never
export type ReplyOf<N extends CommandName> = (typeof COMMANDS)[N]['reply'] extends Layout<infer V> ? V : never
export type Parameters = ReplyOf<'getParameters'>

/** Name of a command number, or `null`. */
export const commandOf = (code: number): CommandName | null => BY_CODE[code] ?? null

const BY_CODE: readonly (CommandName | undefined)[] = Object.entries(COMMANDS).reduce<CommandName[]>((names, [name, { code }]) => {
  names[code] = name as CommandName
  return names
}, [])
