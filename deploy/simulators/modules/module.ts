import type { FamilyName } from '@lotkeeper/edge/readers/uhf/families.ts'

/**
 * The inside of one reader module without its wire: what it answers, and what it says while it reads. Made anew it has forgotten all, as after a
 * power cut. One such maker per family, from the same command tables the driver reads; the device around it (`reader.ts`) is the same for all.
 */
export interface Module {
  /** Bytes from the host, in any cut; the answers, in order. What a deaf or sleeping module does not hear is its own affair. */
  readonly hear: (bytes: Uint8Array, atMs: number) => readonly Uint8Array[]
  /** Whether an inventory runs: only then the field is looked at. */
  readonly reading: () => boolean
  /** One look at the field while reading: what is sent, and when it looks again. */
  readonly look: (air: Air, atMs: number) => Look
  readonly state: () => ModuleState
}

/** The field as the antennas of a module see it at this moment. */
export interface Air {
  /** Tags in range of a port, from 1. */
  readonly tagsAt: (port: number) => readonly Tagged[]
  /** Evenly in [0, 1). */
  readonly fraction: () => number
}

/** A tag where an antenna can read it. */
export interface Tagged {
  readonly epc: Uint8Array
  readonly rssiDbm: number
  /** Degrees, for families that tell it; 0 where the field knows none. */
  readonly phaseDeg?: number
}

export interface Look {
  /** Whole frames in order; a spoilt one is spoilt by the device around. */
  readonly frames: readonly Uint8Array[]
  /** Of these, how many tell of tags; for the counters. */
  readonly reads: number
  readonly afterMs: number
}

/** What every module can be asked by a test or shown to a person; families add their own. */
export interface ModuleState {
  readonly powerDbm: number
  readonly region: string
  /** Commands answered since power came, by their names in the family's table. */
  readonly answered: readonly string[]
}

export interface ModuleOptions {
  /** Header style where the family has several. */
  readonly style?: string
  readonly hardware?: string
  readonly firmware?: string
  /** Antenna ports the module has; one unless said otherwise. */
  readonly ports?: readonly number[]
  /** Ports on which nothing is connected: families that can tell it do, the others read nothing there. Asked for whenever it matters, as are the inputs and the clock: they may change while it runs. */
  readonly loose?: readonly number[]
  /** Inputs whose level is high, from 1; all others are low. */
  readonly high?: readonly number[]
  /** Tag reads a second while tags are there; real modules reach 40-60 through a doorway. */
  readonly readsPerSecond?: number
  /** Time between two signs of life in an empty field. */
  readonly idleMs?: number
  /** Most power the module takes; more is a refusal. */
  readonly powerDbmMax?: number
  /** The only band it was built for, one of the driver's regions: it refuses all others. */
  readonly band?: string | null
  readonly temperatureC?: number
  /** How far the module's own clock is off, ms. */
  readonly clockOffMs?: number
}

/** A maker of modules of one family. */
export interface ModuleMaker {
  readonly family: FamilyName
  /** Speed the module is set to at the factory, bits per second. */
  readonly baud: number
  readonly make: (options: ModuleOptions) => Module
}

/** Whether nothing is connected to a port, now. */
export const isLoose = ({ loose = [] }: Pick<ModuleOptions, 'loose'>, port: number): boolean => loose.includes(port)
/** Level of an input as a module tells it: 1 high, 0 low. */
export const levelOf = ({ high = [] }: Pick<ModuleOptions, 'high'>, input: number): number => (high.includes(input) ? 1 : 0)

export const READS_PER_SECOND = 50
/** Real modules tell an empty poll every 20-30 ms; telling fewer spares the machine and delays no read. */
export const IDLE_MS = 500
/** How often an empty field is looked at: a tag is read at most this much later than by a real module. */
export const LOOK_MS = 100
/** Pause after one read, with the unevenness of slotted answers. */
export const readPauseMs = ({ readsPerSecond = READS_PER_SECOND }: ModuleOptions, { fraction }: Pick<Air, 'fraction'>): number =>
  (1_000 / readsPerSecond) * (0.8 + fraction() * 0.4)
