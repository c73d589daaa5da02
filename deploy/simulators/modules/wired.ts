import type { Told } from '@lotkeeper/edge/readers/told.ts'
import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'
import { openReader, type Reader } from '@lotkeeper/edge/readers/uhf/reader.ts'
import type { ReaderSettings } from '@lotkeeper/edge/readers/uhf/state.ts'
import type { Gap } from '@lotkeeper/edge/serial/gap.ts'
import { hexOf } from '@lotkeeper/protocol/bytes.ts'
import { createMemoryWires } from '../line-memory.ts'
import { type SimulatedReader, simulateReader } from '../reader.ts'
import type { ModuleOptions, Tagged } from './module.ts'

/** A driver and a simulated module of one family on a wire inside this process, under the clock and the timers of whoever calls. */
export const wire = (family: FamilyName, options: ModuleOptions, settings: Partial<ReaderSettings> = {}): Wired => {
  const told: Told[] = []
  const gaps: Gap[] = []
  const asked: string[] = []
  const sent: string[] = []
  const field: Tagged[] = []
  const begun = Date.now()
  const parts = {
    clock: { now: Date.now, monotonic: () => Date.now() - begun },
    timers: {
      after: (ms: number, run: () => void) => {
        const timer = setTimeout(run, ms)
        return () => clearTimeout(timer)
      },
    },
    random: { fraction: () => 0.5 },
  }
  const { openPort, wire: cableTo } = createMemoryWires()
  const cable = cableTo('/dev/door')
  cable.onBytes((heard) => {
    if (heard.length > 0) asked.push(hexOf(heard))
  })
  const send = (bytes: Uint8Array) => {
    sent.push(hexOf(bytes))
    cable.send(bytes)
  }
  const module = simulateReader({ ...cable, send }, parts, { family, field: () => field, ...options })
  const reader = openReader(
    { ...parts, openPort },
    { id: 'r', address: '/dev/door', family, region: 'CN900', powerDbm: 24, session: 1, ports: options.ports ?? [1], ...settings },
    { told: (read) => told.push(read), state: () => {}, gap: (gap) => gaps.push(gap), noise: () => {} },
  )
  return { told, gaps, asked, sent, field, module, reader }
}

export interface Wired {
  readonly told: readonly Told[]
  readonly gaps: readonly Gap[]
  /** What the driver sent, and what the module sent, hexadecimal, in their order. */
  readonly asked: readonly string[]
  readonly sent: readonly string[]
  /** Tags in the field; put some in. */
  readonly field: Tagged[]
  readonly module: SimulatedReader
  readonly reader: Reader
}
