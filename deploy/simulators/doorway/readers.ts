import type { PHYSICS } from './physics.ts'

/** How a reader behaves at a door; times in ms. */
export interface ReaderType {
  /** How long it stays on an antenna, and what the change costs. */
  readonly dwellMs: number
  readonly switchMs: number
  /** Between two rounds: firmware and serial line. */
  readonly pauseMs: number
  /** After the last antenna: a door where nobody is need not look all the time. */
  readonly restMs: number
  readonly slots: keyof typeof PHYSICS.slotMs
  /**
   * S0: every powered tag answers in each round. S1: one that was read is silent for its persistence, or the rounds ask for both flags
   * in turn.
   */
  readonly session: 's0' | 's1' | 's1-both'
  readonly sensitivityDbm: number
  /** What it tells of the level: whole dBm, halves, or nothing that could be compared. */
  readonly level: 'dbm' | 'half' | 'none'
  /** Its zero and its slope: cheap modules tell dBm that are none. */
  readonly levelOffsetDb: number
  readonly levelSlope: number
  readonly phase: boolean
  /** One reader that switches, or one of these at every antenna. */
  readonly each: 'door' | 'antenna'
}

/** The readers doors have. */
export const READERS = {
  usual: reader({ dwellMs: 120, pauseMs: 12, slots: 'miller4', sensitivityDbm: -78, level: 'dbm', phase: true }),
  fast: reader({ dwellMs: 60, pauseMs: 3, slots: 'fm0', sensitivityDbm: -84, level: 'half', phase: true }),
  fixed: reader({ dwellMs: 100, pauseMs: 5, slots: 'miller4', sensitivityDbm: -82, level: 'half', phase: true }),
  slow: reader({ dwellMs: 500, pauseMs: 25, slots: 'miller8', sensitivityDbm: -75, level: 'dbm', phase: false }),
  cheap: reader({
    dwellMs: 200,
    pauseMs: 20,
    slots: 'miller4',
    sensitivityDbm: -71,
    level: 'dbm',
    phase: false,
    levelOffsetDb: 9,
    levelSlope: 0.8,
  }),
  mute: reader({ dwellMs: 150, pauseMs: 15, slots: 'miller4', sensitivityDbm: -72, level: 'none', phase: false }),
  raw: reader({ dwellMs: 100, pauseMs: 10, slots: 'miller4', sensitivityDbm: -78, level: 'none', phase: false }),
  turning: reader({ dwellMs: 250, pauseMs: 8, slots: 'miller4', sensitivityDbm: -80, level: 'dbm', phase: true, session: 's1-both' }),
  idle: reader({ dwellMs: 30, pauseMs: 5, restMs: 4000, slots: 'miller4', sensitivityDbm: -82, level: 'half', phase: true }),
  twin: reader({ dwellMs: 1000, pauseMs: 15, slots: 'miller4', sensitivityDbm: -73, level: 'dbm', phase: false, each: 'antenna' }),
  pair: reader({ dwellMs: 1000, pauseMs: 5, slots: 'fm0', sensitivityDbm: -80, level: 'half', phase: true, each: 'antenna' }),
} as const

function reader(
  row: Pick<ReaderType, 'dwellMs' | 'pauseMs' | 'slots' | 'sensitivityDbm' | 'level' | 'phase'> & Partial<ReaderType>,
): ReaderType {
  return { switchMs: 4, restMs: 0, session: 's0', levelOffsetDb: 0, levelSlope: 1, each: 'door', ...row }
}
