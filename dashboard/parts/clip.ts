/** A name cut to so many Chinese signs, in which a Latin letter takes a little over half of one; the whole name stands in the title. */
export const clip = (text: string, wide: number): string => {
  let used = 0
  for (let index = 0; index < text.length; index += 1) {
    used += text.charCodeAt(index) > 0xff ? 1 : 0.56
    if (used > wide) return `${text.slice(0, index).trimEnd()}…`
  }
  return text
}
