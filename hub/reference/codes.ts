import { gtin14Of } from '@lotkeeper/protocol/codes/check-digit.ts'
import { isRefusal } from '@lotkeeper/protocol/refusals.ts'

/** A code as it is kept and looked up: a GTIN in 14 digits, anything else without blanks. `null`: it can be none. */
export const codeOf = (text: string): string | null => {
  const code = text.trim()
  if (/^\d{8}$|^\d{12,14}$/.test(code)) {
    const gtin = gtin14Of(code)
    return isRefusal(gtin) ? null : gtin
  }
  return /^[!-~]{1,64}$/.test(code) ? code : null
}
