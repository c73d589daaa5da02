import { i8, type Layout, layout, many, named, rest, scaled, sized, u8, u16, u32 } from '../../../serial/layout.ts'

/** One command: its opcode, what is sent with it, and what comes back after the status word. */
export interface CommandRow {
  readonly code: number
  readonly ask: Layout<unknown>
  readonly reply: Layout<unknown>
}

const none = layout([])
/** Commands nobody here sends: seen in recordings, kept as they came. */
const raw = layout([['body', rest]])
const dbm = layout([['dbm', scaled(u16, 100)]])
const optionOnly = layout([['option', u8]])
const optioned = layout([
  ['option', u8],
  ['body', rest],
])
const fourBytes = sized('', () => 4)
const versions = layout([
  ['bootloader', fourBytes],
  ['hardware', fourBytes],
  ['firmwareDate', fourBytes],
  ['firmware', fourBytes],
  ['protocols', u32],
])
const powers = layout([
  ['option', u8],
  ['dbm', scaled(u16, 100)],
  ['limits', rest],
])
const protocol = layout([['protocol', u16]])
/** A setting by number; the value's width is the setting's. */
const key = [
  ['option', u8],
  ['key', u8],
] as const
const keyed = layout([...key, ['value', rest]])
/** Bands that are ours by our names, the others by the maker's; Silion counts alike up to 0A [MercuryAPI 2023; Silion EX10 manual 7.5]. */
const band = named({
  1: 'US',
  2: 'EU1',
  3: 'KR1',
  4: 'IN',
  5: 'JP',
  6: 'CN900',
  7: 'EU2',
  8: 'EU',
  9: 'KR',
  10: 'CN800',
  11: 'AU',
  12: 'NZ',
  13: 'NA2',
  14: 'NA3',
  255: 'OPEN',
})
const region = layout([['region', band]])

/** Every command of the family [rfid.md 1.4; MercuryAPI 2023]. */
export const COMMANDS = {
  writeFlash: { code: 0x01, ask: raw, reply: raw },
  readFlash: { code: 0x02, ask: raw, reply: raw },
  version: { code: 0x03, ask: none, reply: versions },
  bootFirmware: { code: 0x04, ask: none, reply: versions },
  setBaud: { code: 0x06, ask: layout([['baud', u32]]), reply: none },
  eraseFlash: { code: 0x07, ask: raw, reply: raw },
  verifyImage: { code: 0x08, ask: raw, reply: raw },
  bootBootloader: { code: 0x09, ask: none, reply: raw },
  modifyFlash: { code: 0x0a, ask: raw, reply: raw },
  siliconId: { code: 0x0b, ask: raw, reply: raw },
  /** 11 bootloader, 12 application. */
  currentProgram: { code: 0x0c, ask: none, reply: layout([['program', u8]]) },
  writeFlashSector: { code: 0x0d, ask: raw, reply: raw },
  sectorSize: { code: 0x0e, ask: raw, reply: raw },
  modifyFlashSector: { code: 0x0f, ask: raw, reply: raw },
  hardwareVersion: { code: 0x10, ask: raw, reply: raw },
  readSingle: { code: 0x21, ask: raw, reply: raw },
  readMultiple: { code: 0x22, ask: raw, reply: raw },
  writeEpc: { code: 0x23, ask: raw, reply: raw },
  writeData: { code: 0x24, ask: raw, reply: raw },
  lock: { code: 0x25, ask: raw, reply: raw },
  kill: { code: 0x26, ask: raw, reply: raw },
  passThrough: { code: 0x27, ask: raw, reply: raw },
  readData: { code: 0x28, ask: raw, reply: raw },
  getBuffer: { code: 0x29, ask: raw, reply: raw },
  clearBuffer: { code: 0x2a, ask: none, reply: none },
  writeSpecific: { code: 0x2d, ask: raw, reply: raw },
  eraseSpecific: { code: 0x2e, ask: raw, reply: raw },
  /** Option 01 starts streaming, 02 stops it, 04 wraps another command meanwhile; the answer repeats it. */
  multiProtocol: {
    code: 0x2f,
    ask: layout([
      ['timeoutMs', u16],
      ['option', u8],
      ['body', rest],
    ]),
    reply: optioned,
  },
  getAntennas: { code: 0x61, ask: optionOnly, reply: optioned },
  getReadPower: { code: 0x62, ask: optionOnly, reply: powers },
  getProtocol: { code: 0x63, ask: none, reply: protocol },
  getWritePower: { code: 0x64, ask: optionOnly, reply: powers },
  getHopTable: { code: 0x65, ask: raw, reply: raw },
  /** Option 01: pins as number, direction (1 output) and level; without it the levels of the inputs in their order, as Silion has it. */
  getInputs: { code: 0x66, ask: raw, reply: raw },
  getRegion: { code: 0x67, ask: none, reply: region },
  getPowerMode: { code: 0x68, ask: none, reply: layout([['mode', u8]]) },
  getUserMode: { code: 0x69, ask: none, reply: layout([['mode', u8]]) },
  getOptional: { code: 0x6a, ask: layout(key), reply: keyed },
  getProtocolParameter: { code: 0x6b, ask: layout(key), reply: keyed },
  getStatistics: { code: 0x6c, ask: raw, reply: raw },
  getUserProfile: { code: 0x6d, ask: raw, reply: raw },
  getProtocols: { code: 0x70, ask: none, reply: layout([['protocols', many(u16)]]) },
  getRegions: { code: 0x71, ask: none, reply: layout([['regions', many(band)]]) },
  getTemperature: { code: 0x72, ask: none, reply: layout([['celsius', i8]]) },
  /** Option 02: pairs (transmit, receive) to search by turns; 03: powers by port. */
  setAntennas: { code: 0x91, ask: optioned, reply: none },
  setReadPower: { code: 0x92, ask: dbm, reply: none },
  setProtocol: { code: 0x93, ask: protocol, reply: none },
  setWritePower: { code: 0x94, ask: dbm, reply: none },
  setHopTable: { code: 0x95, ask: raw, reply: none },
  setOutputs: { code: 0x96, ask: raw, reply: none },
  setRegion: { code: 0x97, ask: region, reply: none },
  setPowerMode: { code: 0x98, ask: layout([['mode', u8]]), reply: none },
  setUserMode: { code: 0x99, ask: layout([['mode', u8]]), reply: none },
  setOptional: { code: 0x9a, ask: keyed, reply: none },
  setProtocolParameter: { code: 0x9b, ask: keyed, reply: none },
  setUserProfile: { code: 0x9d, ask: raw, reply: raw },
  setLicenceKey: { code: 0x9e, ask: raw, reply: raw },
  setFrequency: { code: 0xc1, ask: raw, reply: raw },
  setCarrier: { code: 0xc3, ask: raw, reply: raw },
  /** Silion's own commands; `silion.ts` reads what is inside. */
  extended: { code: 0xaa, ask: raw, reply: raw },
} as const satisfies Readonly<Record<string, CommandRow>>

export type CommandName = keyof typeof COMMANDS
export type AskOf<N extends CommandName> = (typeof COMMANDS)[N]['ask'] extends Layout<infer V> ? V : never
export type ReplyOf<N extends CommandName> = (typeof COMMANDS)[N]['reply'] extends Layout<infer V> ? V : never

/** Row of an opcode, or `null`. */
export const commandOf = (code: number): CommandName | null => BY_CODE[code] ?? null

const BY_CODE: readonly (CommandName | undefined)[] = Array.from({ length: 256 }, (_, code) =>
  (Object.keys(COMMANDS) as CommandName[]).find((name) => COMMANDS[name].code === code),
)

/** The protocol number of EPC Gen2. */
export const GEN2 = 5
/** Options of `multiProtocol`. */
export const STREAM = { start: 1, stop: 2, wrapped: 4 } as const
/** Options of `setAntennas` and `getAntennas`. */
export const ANTENNAS = { search: 2, powers: 3, detect: 5, returnLoss: 6 } as const
/** Answers of `currentProgram`; the low bits tell, the high ones differ by module. */
export const IN_BOOTLOADER = 0x11
export const IN_APPLICATION = 0x12
/** Keys of `setOptional` under option 1. */
export const OPTIONAL = { antennaCheck: 4, readFilter: 0x0c } as const
/** Keys of `setProtocolParameter` under protocol 5. */
export const GEN2_KEYS = { session: 0, target: 1 } as const

/** Powers by port as Silion sets and tells them, in hundredths of dBm. */
export const PORT_POWERS = layout([
  [
    'powers',
    many({
      read: (from) => {
        const [port, high, low] = from.bytes.subarray(from.at, from.at + 5)
        from.at += 5
        return from.at > from.bytes.length ? undefined : { port: port as number, dbm: (((high as number) << 8) | (low as number)) / 100 }
      },
      write: ({ port, dbm: power }: { readonly port: number; readonly dbm: number }, to) => {
        const hundredths = Math.round(power * 100)
        to.push(port, hundredths >> 8, hundredths & 0xff, hundredths >> 8, hundredths & 0xff)
      },
    }),
  ],
])

/** Pairs of port and value, as `getAntennas` answers them. */
export const PORT_VALUES = layout([
  [
    'ports',
    many({
      read: (from) => {
        const [port, value] = from.bytes.subarray(from.at, from.at + 2)
        from.at += 2
        return value === undefined ? undefined : { port: port as number, value }
      },
      write: ({ port, value }: { readonly port: number; readonly value: number }, to) => void to.push(port, value),
    }),
  ],
])
