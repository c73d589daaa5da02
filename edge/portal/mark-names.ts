import type { Agreement } from './company.ts'

/** The kinds of evidence for a crossing, and what the tags that came with it did; each is 0 where it says nothing. */
export interface CrossingMarks extends Agreement {
  /** A dB by which the side left lost what the side entered gained. */
  readonly opposition: number
  /** A dB by which each side led while the tag was with it. */
  readonly lead: number
  /** A dB by which the tag passed one antenna louder than the other, bodies and goods allowed for. */
  readonly imbalance: number
  /** Each other stay of the tag that hardly was one. */
  readonly flips: number
  /** A doubling of the epochs each side led, faint and narrow leads counting less. */
  readonly mass: number
  /** A doubling of the readings of the side that heard it less. */
  readonly reads: number
  /** A dB by which it was louder before the antennas than when it came or went. */
  readonly rise: number
  /** A dB by which the fainter side heard it louder than the faintest level the door ever told. */
  readonly loud: number
  /** The sides heard it one after the other, in parts of how long each heard it: -1..1. */
  readonly order: number
  /** Its phase turned as that of a moving tag does, -1 (stood) .. 1 (moved all the time). */
  readonly motion: number
  /** By its phase it was nearest to the one antenna before it was nearest to the other: -1..1. */
  readonly radial: number
  /** Its level changed from one moment to the next by this many dB on the mean, as that of a moving tag does. */
  readonly restless: number
  /** A doubling of the epochs it was heard in long before or after. */
  readonly stray: number
  /** It had long been in range. */
  readonly resident: number
  /** The light barrier was broken then: 1; it was not, though the door has one: -1. */
  readonly beam: number
  /** A dB by which the side left was louder at its loudest than when the tag came, and the side entered than when it went. */
  readonly came: number
  readonly went: number
  /** Doublings of the epochs it was heard in before the loudest moment of the side left, between the two, and after that of the side entered. */
  readonly long: number
  readonly gap: number
  readonly later: number
  /** As `motion`, before the walk and after it. */
  readonly stood: number
  readonly stands: number
  /** 1: in, 0: out. What lies still near a door mostly lies inside. */
  readonly inward: number
  /** Other changes of side of the same tag that are still thought of. */
  readonly around: number
  /** A doubling of the readings of the side that heard it more. */
  readonly more: number
  /** Doublings by which each side heard it more while the other one led, entered less left. */
  readonly crossed: number
  /** By how much louder it passed the antenna of the side left than that of the side entered: -1..1. */
  readonly tilt: number
}

/**
 * What speaks for a tag lying on a cart whose other tags went a way for sure, where its own readings are too few to tell: a label behind liquid is heard
 * a few times, by one side perhaps, but it is on the cart.
 */
export interface AdoptionMarks {
  /** Doublings of the tags that surely went that way. */
  readonly size: number
  /** By how much likelier each of its readings fell as it did on that cart than anyhow (a logarithm), and all of them together. */
  readonly fit: number
  readonly total: number
  /** By how much it fits that cart better than the next one that went another way. */
  readonly margin: number
  /** Doublings of its readings. */
  readonly reads: number
  /** Its level went with that of the cart: -1..1. */
  readonly level: number
  /** Its phase stood: 0..1. */
  readonly still: number
  /** Doublings of the epochs in which the side heard it where the cart was, and in which the other side did. */
  readonly right: number
  readonly wrong: number
  /** Of the stretches of the cart's way those in which it was heard where the cart was: 0..1. */
  readonly phases: number
  /** How sure its own changes of side are that are the cart's, and the surest that is not: 0..1. */
  readonly own: number
  readonly against: number
  /** 1: one tag alone tells where the cart went. */
  readonly alone: number
  /** 1: the cart went there and back. */
  readonly back: number
  /** 1: the cart did not cross. */
  readonly none: number
  /** Doublings of the tags that surely went another way. */
  readonly others: number
  /** Of the tags that surely went any way those that went this one, less the others: -1..1. */
  readonly share: number
  /** 1: it was read once. */
  readonly single: number
  /** How sure the tags of the cart, heard as if they were one, make its way, and another one: 0..1. */
  readonly pooled: number
  readonly pooledAgainst: number
}

/** Which net a crossing is weighed with: by itself, or with what other tags did. */
export type Weighing = 'alone' | 'together'
