import { GS, scanOf } from '@lotkeeper/protocol/codes/aim.ts'

/**
 * Judges what a scanner made of the test symbol: a GS1 DataMatrix that holds `GS_TEST_TEXT`. A scanner that drops GS lets a lot swallow what follows
 * it, which no later check can see; so a scanner is tried once with a symbol whose text is known.
 */
export const gsCheck = (scanned: string): GsVerdict => {
  const { aim, payload, leadingSeparator } = scanOf(scanned)
  if (payload === GS_TEST_TEXT) return verdictOf(aim === null && !leadingSeparator ? 'aim-off' : 'good', null)
  const at = GS_TEST_TEXT.indexOf(GS)
  const [head, tail] = [GS_TEST_TEXT.slice(0, at), GS_TEST_TEXT.slice(at + 1)]
  if (payload === head + tail) return verdictOf('gs-dropped', null)
  if (!payload.startsWith(head) || !payload.endsWith(tail)) return verdictOf('other-text', null)
  return verdictOf('gs-replaced', payload.slice(head.length, payload.length - tail.length))
}

/** What the test symbol holds: product, expiry, lot, then a serial number behind an FNC1. */
export const GS_TEST_TEXT = `01069012345678921728083110B250901${GS}21SN1`

export interface GsVerdict {
  readonly is: keyof typeof GS_VERDICTS
  /** What comes in place of GS: the `separator` to write into the settings. */
  readonly separator: string | null
  readonly zh: string
  readonly en: string
}

/** What the scanner does, and what a person should set. */
export const GS_VERDICTS = {
  good: { zh: '扫码枪设置正确', en: 'the scanner is set right' },
  'aim-off': {
    zh: '分隔符正确，但没有 AIM 标识。请打开“发送 AIM ID”',
    en: 'the separator comes, but no AIM id. Switch "transmit AIM id" on',
  },
  'gs-dropped': {
    zh: '扫码枪丢掉了分隔符 GS，批号会吞掉后面的内容。请打开“发送 GS（FNC1）”，或让它用 | 代替；未改好之前不要用它入库',
    en: 'the scanner drops the separator GS: a lot swallows what follows it. Switch "transmit GS (FNC1)" on, or let it send | instead; do not receive goods with it before',
  },
  'gs-replaced': {
    zh: '扫码枪用别的字符代替分隔符。请改为发送 GS，或在设置 separator 里写上这个字符',
    en: 'the scanner sends something else for the separator. Let it send GS, or write what it sends into the setting separator',
  },
  'other-text': { zh: '这不是测试码的内容。请重新扫测试码', en: 'this is not the text of the test symbol. Scan the test symbol again' },
} as const satisfies Readonly<Record<string, { readonly zh: string; readonly en: string }>>

const verdictOf = (is: GsVerdict['is'], separator: string | null): GsVerdict => ({ is, separator, ...GS_VERDICTS[is] })
