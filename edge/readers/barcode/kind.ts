/**
 * What a kind of scanner must say of itself; the scanner's life (`scanner.ts`), the replay and the simulators are the same for all kinds.
 * A new kind is one table and this record built from it, entered in `kinds.ts`.
 */
export interface ScannerKind {
  /** As written in settings. */
  readonly name: string
  /** Makes the part that turns this kind's bytes into scans. */
  readonly open: (profile: ScannerProfile) => ScannerEar
  /** Written and asked when the port is open; `null` when this kind cannot be told what to send, and a person does it with the maker's symbols. */
  readonly opening: (wish: OpeningWish) => readonly ScannerAsk[] | null
  /** Whether a question is answered by one whole frame, or by a stretch of bytes between scans. */
  readonly answers: 'frames' | 'bytes'
  /** What tells the person at the scanner that a scan was taken or refused; nothing where the kind has no such command. */
  readonly acknowledge: (good: boolean) => readonly ScannerAsk[]
  /** Recordings in words, `null` for kinds without frames. */
  readonly decoded: ((frame: Uint8Array) => Readonly<Record<string, unknown>>) | null
}

/** Cuts bytes into what they mean. Pure: the caller says when bytes came and when the line fell silent. */
export interface ScannerEar {
  readonly take: (chunk: Uint8Array) => readonly Heard[]
  /** Nothing came for `gapMs`: what is held is incomplete. Afterwards more may still be held, with a `gapMs` of its own. */
  readonly gap: () => readonly Heard[]
  readonly waiting: () => number
  /** Silence after which the rest of what is held now will not come, ms. */
  readonly gapMs: () => number
}

/** `reply`: bytes the scanner waits for now; `told`: a frame that is no scan; `repeat`: a scan sent again because our answer was lost. */
export type Heard =
  | { readonly kind: 'scan'; readonly text: string; readonly notices: readonly ScanNotice[] }
  | Garbage
  | { readonly kind: 'reply'; readonly bytes: Uint8Array }
  | { readonly kind: 'told'; readonly frame: Uint8Array }
  | { readonly kind: 'repeat' }

/** Bytes that were no scan. `checksum` and `gap` are frames that did not hold or never ended. */
export interface Garbage {
  readonly kind: 'garbage'
  readonly bytes: Uint8Array
  readonly reason: 'control-characters' | 'not-utf8' | 'too-long' | 'unterminated' | 'checksum' | 'no-frame'
}

/** How a scan differs from what its scanner was set to send; it is taken all the same. */
export const SCAN_NOTICES = {
  'scanner.prefix-missing': { zh: '缺少设定的前缀', en: 'the prefix that was set did not come' },
  'scanner.suffix-missing': { zh: '缺少设定的后缀', en: 'the suffix that was set did not come' },
  'scanner.code-id-missing': { zh: '缺少码制代号', en: 'the code id that was set did not come' },
  'scanner.aim-missing': { zh: '缺少 AIM 标识', en: 'the AIM id that was set did not come' },
  'scanner.type-unknown': { zh: '码制代号不认识', en: 'this type of code is not known' },
} as const
export type ScanNotice = keyof typeof SCAN_NOTICES

/** Which bytes end a scan; `any` takes CR, LF and both together. */
export const TERMINATORS = ['any', 'CR', 'LF', 'CRLF'] as const
export type Terminator = (typeof TERMINATORS)[number]
/** How letters outside ASCII are written: UTF-8, or GB 18030 where it is no UTF-8 (Chinese QR codes). */
export const TEXT_CODINGS = ['utf-8', 'gb18030'] as const
export type TextCoding = (typeof TEXT_CODINGS)[number]

/** What this scanner was set to send. `true` says it always comes, `false` that it never does, `null` that nobody knows. */
export interface ScannerProfile {
  readonly terminator: Terminator
  /** What comes in place of GS, outside GS1 character set 82 such as `|` or `<GS>`; `null` when GS itself comes. */
  readonly separator: string | null
  readonly prefix: string
  readonly suffix: string
  readonly codeId: boolean
  readonly aim: boolean | null
  readonly coding: TextCoding
  /** Longest scan, bytes. */
  readonly bytesMax: number
}

/** A scanner of which only the line ends are known. A full DataMatrix (2335 characters) with its AIM id fits. */
export const PLAIN_PROFILE: ScannerProfile = {
  terminator: 'any',
  separator: null,
  prefix: '',
  suffix: '',
  codeId: false,
  aim: null,
  coding: 'utf-8',
  bytesMax: 4_096,
}

export interface OpeningWish {
  /** Whether the scanner may be set to send AIM ids; else it is only asked what it is. */
  readonly configure: boolean
  readonly profile: ScannerProfile
}

/** One question at opening. */
export interface ScannerAsk {
  readonly name: string
  readonly bytes: Uint8Array
  /** What was answered within these bytes, or `null` when no answer stands there. A question without an answer is only written. */
  readonly answer: ((bytes: Uint8Array) => ScannerAnswer | null) | null
  readonly waitMs: number
  readonly tries: number
  /** Whether no answer is a trouble; a sleeping or simpler scanner may rightly not know the question. */
  readonly needed: boolean
}

export interface ScannerAnswer {
  readonly ok: boolean
  /** What the scanner says it is, if it was asked that. */
  readonly version?: string
  /** Where the answer stands in the bytes. */
  readonly from: number
  readonly to: number
}
