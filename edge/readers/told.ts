/** One read as a reader told it, stamped by this node when the bytes arrived. A read is evidence, not a movement. */
export interface Told {
  /** Id of the reader in this node's settings. */
  readonly reader: string
  /** Antenna port of that reader, from 1; a single-port reader always says 1. */
  readonly port: number
  /** EPC bank content after the PC word, upper-case hexadecimal, length from the PC (never assumed 12 bytes). */
  readonly epc: string
  /** Protocol control word of the tag [Gen2 6.3.2.1.2.2]. */
  readonly pc: number
  /** Signal strength in dBm, or `null` where the family defines no unit. Not comparable across families. */
  readonly rssiDbm: number | null
  /** The same as the unsigned number on the wire. */
  readonly rssiRaw: number
  /**
   * For comparing the antennas of a door: dBm where they are told, else the wire's number on a scale of its own where more is louder and a step is
   * about a decibel; `null` where the family tells no level at all. Never shown as dBm.
   */
  readonly levelDb: number | null
  /** Phase in degrees, or `null` where the family tells none. */
  readonly phaseDeg: number | null
  /** Wall clock at the arrival of the chunk, ms since 1970. */
  readonly at: number
  /** Steady clock at the arrival of the chunk, ms; for durations. */
  readonly monotonic: number
}
