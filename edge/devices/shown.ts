import type { DeviceView } from '@lotkeeper/protocol/api/node.ts'
import { type DoorAntenna, type DoorFigures, LEARN_WALKS, lastWalks, median } from './walks.ts'

/** What the board shows of the antennas of a device: those that ever heard a tag. */
export const antennaViews = (
  figures: DoorFigures,
  given: {
    readonly antennas: readonly DoorAntenna[]
    readonly device: string
    readonly heardAtMs: (antenna: string) => number | null
  },
): DeviceView['antennas'] =>
  given.antennas.flatMap(({ antenna, reader, port, side, strengthOf }) => {
    const at = given.heardAtMs(antenna)
    const known = figures.antennas[antenna]
    if (reader !== given.device || (at === null && known === undefined)) return []
    const walks = lastWalks(figures, SHOWN_WALKS, reader)
    const of = (name: 'reads' | 'peakDbm') => median(walks.map(({ heard }) => heard[antenna]?.[name] ?? (name === 'reads' ? 0 : null)))
    const usual = known?.usual ?? null
    const level = (levelDb: number | null) => round(levelDb === null || strengthOf === undefined ? levelDb : strengthOf(levelDb))
    return {
      antenna: port,
      side,
      ...{ reads: of('reads'), usualReads: round(usual?.reads ?? null), unit: strengthOf ? 'strength' : 'dBm' },
      ...{ peak: level(of('peakDbm')), usualPeak: level(usual?.peakDbm ?? null) },
      learning: usual === null ? LEARN_WALKS - (known?.learning.length ?? 0) : 0,
      lastReadAt: at === null ? null : new Date(at).toISOString(),
    }
  })

const round = (value: number | null): number | null => (value === null ? null : Math.round(value * 10) / 10)

/** What the board shows as "now". */
const SHOWN_WALKS = 10
