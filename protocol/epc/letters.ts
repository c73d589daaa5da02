/** The letters that AIs may hold, by their number in ASCII; `''` for what GS1 allows nowhere [GenSpecs 7.11-1, TDS 14.5.6.6]. */
export const SEVEN_BIT: readonly string[] = Array.from({ length: 128 }, (_, code) => {
  const letter = String.fromCharCode(code)
  return /[!"#%&'()*+,\-./0-9:;<=>?A-Z_a-z]/.test(letter) ? letter : ''
})

/** Letters of six bits [TDS G-1]: the last six bits of their number in ASCII; `''` for what is none. */
export const SIX_BIT: readonly string[] = Array.from({ length: 64 }, (_, code) => {
  const letter = String.fromCharCode(code < 32 ? code + 64 : code)
  return /[#\-/0-9A-Z]/.test(letter) ? letter : ''
})

/** A text as it stands in an EPC URI: seven letters are written by their number [TDS A-1, G-1]. */
export const escaped = (text: string): string => {
  let said = ''
  let from = 0
  for (let at = 0; at < text.length; at += 1) {
    const written = ESCAPES[text.charCodeAt(at)]
    if (!written) continue
    said += text.slice(from, at) + written
    from = at + 1
  }
  return from === 0 ? text : said + text.slice(from)
}

/** The text an EPC URI says; `null` where an escape is none. */
export const unescaped = (said: string): string | null => {
  if (/%(?![0-9A-Fa-f]{2})/.test(said)) return null
  return said.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))
}

/** A URI with its escapes in capitals, as the standard writes them. */
export const capitalEscapes = (uri: string): string => uri.replace(/%[0-9a-f]{2}/gi, (written) => written.toUpperCase())

const ESCAPES = Array.from({ length: 128 }, (_, code) =>
  '"#%&/<>?'.includes(String.fromCharCode(code)) && code > 0 ? `%${code.toString(16).toUpperCase()}` : '',
)
