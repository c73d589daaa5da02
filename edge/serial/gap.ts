import type { Clock } from '../parts.ts'

/**
 * A time during which a device was not heard, told when it begins (`to: null`) and once more when it ends.
 * `from` is the last moment the device is known to have worked, not the moment the loss was noticed.
 */
export interface Gap {
  readonly device: string
  /** Wall clock, ms since 1970. */
  readonly from: number
  readonly to: number | null
  /** Length by the steady clock, ms; wall clocks jump. */
  readonly lastedMs: number | null
  readonly why: GapReason
  /** What the system said, for the log. */
  readonly detail: string
}

/** Why a device was not heard. */
export const GAP_REASONS = {
  'serial.open-failed': { zh: '设备打不开', en: 'the device did not open' },
  'serial.lost': { zh: '连接断开', en: 'the connection was lost' },
  'serial.silent': { zh: '长时间没有收到任何字节', en: 'no byte came for a long time' },
  'serial.write-failed': { zh: '写不进设备', en: 'the device took no bytes' },
  'reader.silent': { zh: '读写器停止回应', en: 'the reader fell silent while reading' },
  'reader.no-answer': { zh: '读写器不回答命令', en: 'the reader did not answer' },
  'reader.region-wrong': {
    zh: '读写器不在当地允许的频段，没有开射频',
    en: 'the reader is outside the band the law allows, and was not started',
  },
  'reader.not-started': { zh: '读写器没有开始盘点', en: 'the reader did not begin to read' },
  'reader.overrun': { zh: '本机来不及处理，丢了一段读数', en: 'this node was too slow, reads were dropped' },
} as const
export type GapReason = keyof typeof GAP_REASONS

/** Keeps at most one gap of a device open. The first reason stays: what follows it is usually its consequence. */
export const keepGap = (clock: Clock, device: string, told: (gap: Gap) => void): GapKeeper => {
  let open: (Gap & { readonly since: number }) | null = null
  return {
    begin: (why, detail, since) => {
      if (open !== null) return
      const agoMs = Math.max(0, clock.monotonic() - since)
      open = { device, from: clock.now() - agoMs, to: null, lastedMs: null, why, detail, since }
      told(gapOf(open, null, null))
    },
    end: () => {
      if (open === null) return
      told(gapOf(open, clock.now(), clock.monotonic() - open.since))
      open = null
    },
  }
}

export interface GapKeeper {
  /** `since` on the steady clock. */
  readonly begin: (why: GapReason, detail: string, since: number) => void
  readonly end: () => void
}

const gapOf = ({ device, from, why, detail }: Gap, to: number | null, lastedMs: number | null): Gap => ({
  device,
  from,
  to,
  lastedMs,
  why,
  detail,
})
