import type { ScannerAnswer, ScannerAsk } from './kind.ts'

/** A maker's way to send menu commands over the serial line. */
export interface MenuSyntax {
  readonly write: (command: string) => Uint8Array
  /** The answer to a command within bytes, or `null`. */
  readonly answer: (bytes: Uint8Array, command: string) => (ScannerAnswer & { readonly value: string }) | null
}

/** Honeywell: `SYN M CR`, commands, and `!` for the setting until the next power cycle; the answer repeats the command and puts ACK, ENQ or NAK behind. */
export const HONEYWELL_MENU: MenuSyntax = {
  write: (command) => bytesOf(`\x16M\r${command}!`),
  answer: (bytes, command) => answerIn(bytes, command, ['', '!']),
}
/** Newland: `~ SOH 0000 #`, commands, `; ETX`; `#` is the setting until the next power cycle. The answer begins with STX instead of `~`. */
export const NEWLAND_MENU: MenuSyntax = {
  write: (command) => bytesOf(`~\x010000#${command};\x03`),
  answer: (bytes, command) => answerIn(bytes, command, ['\x02\x010000#', ';\x03']),
}

/** The questions that set each command and read it back. `reads` is the query of a setting and the value it must then have. */
export const menuAsks = (
  syntax: MenuSyntax,
  sets: readonly string[],
  reads: readonly (readonly [query: string, value: RegExp])[],
): readonly ScannerAsk[] => [
  ...sets.map((command) => askOf(syntax, command, /^/)),
  ...reads.map(([query, value]) => askOf(syntax, query, value)),
]

const askOf = (syntax: MenuSyntax, command: string, value: RegExp): ScannerAsk => ({
  name: command,
  bytes: syntax.write(command),
  answer: (bytes) => {
    const said = syntax.answer(bytes, command)
    return said === null ? null : { ok: said.ok && value.test(said.value), from: said.from, to: said.to }
  },
  waitMs: ANSWER_MS,
  tries: 2,
  needed: true,
})

/** A stored setting may take a scanner some 100 ms; a volatile one is quick. */
const ANSWER_MS = 1_000

/** The tag of a command is repeated; a query (`?`, `*`) is answered by the value in its place. Letters may come back in another case. */
const answerIn = (
  bytes: Uint8Array,
  command: string,
  [before, after]: readonly [string, string],
): (ScannerAnswer & { readonly value: string }) | null => {
  const heard = String.fromCharCode(...bytes)
  const tag = command.replace(/[?*]$/, '')
  const from = heard.toUpperCase().indexOf(`${before}${tag}`.toUpperCase())
  if (from < 0) return null
  const valueFrom = from + before.length + tag.length
  const said = bytes.findIndex((byte, at) => at >= valueFrom && JUDGEMENTS.includes(byte))
  if (said < 0) return null
  const end = said + 1
  // The closing mark may still be on its way; Honeywell repeats `.` where a scanner knows no `!`.
  const closing = heard.slice(end, end + after.length)
  if (closing.length < after.length) return null
  const isClosed = closing === after || closing === '.'
  return { ok: bytes[said] === ACK, value: heard.slice(valueFrom, end - 1), from, to: isClosed ? end + after.length : end }
}

const ACK = 0x06
/** ENQ: no such command; ACK: taken; NAK: known, but not with this value. */
const JUDGEMENTS: readonly number[] = [0x05, ACK, 0x15]

function bytesOf(text: string): Uint8Array {
  return Uint8Array.from(text, (letter) => letter.charCodeAt(0))
}
