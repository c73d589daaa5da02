/** A point of the drawing. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** Where things stand around a middle: one ring up to INNER_MAX, then a second further out. The first stands on top, then clockwise. */
export const ringOf = (count: number, size: { readonly width: number; readonly height: number }): readonly Point[] => {
  const inner = count <= INNER_MAX ? count : Math.ceil(count / 3)
  return Array.from({ length: count }, (_, index) => {
    const outside = index >= inner
    const place = outside ? index - inner : index
    const many = outside ? count - inner : inner
    const reach = count <= INNER_MAX ? 0.72 : outside ? 0.8 : 0.45
    const angle = -Math.PI / 2 + ((place + (outside ? 0.5 : 0)) * 2 * Math.PI) / many + (many === 2 ? Math.PI / 2 : 0)
    return {
      x: round(size.width / 2 + Math.cos(angle) * (size.width / 2) * reach),
      y: round(size.height / 2 + Math.sin(angle) * (size.height / 2) * reach),
    }
  })
}

/** More sites than this on one ring would write over each other's names. */
export const INNER_MAX = 9
/** More sites than this are drawn as a field of squares: a ring would be a blur. */
export const RINGS_MAX = 24

const round = (value: number): number => Math.round(value * 10) / 10
