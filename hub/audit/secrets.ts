/** What stands where a secret was. */
export const SECRET_MARK = '***'

/**
 * A value as it may be kept: whatever a field named like a secret holds is replaced by a mark, and what is long, many or deep is cut and says so.
 * Everything the audit keeps of a request or an answer goes through here and nothing else does it.
 */
export const withoutSecrets = (value: unknown, depth = 0): unknown => {
  if (typeof value === 'string') return value.length > TEXT_LENGTH_MAX ? `${whole(value.slice(0, TEXT_LENGTH_MAX))}…` : whole(value)
  if (value instanceof Uint8Array) return { bytes: value.byteLength }
  if (typeof value === 'bigint' || typeof value === 'function' || typeof value === 'symbol') return String(value).slice(0, TEXT_LENGTH_MAX)
  if (typeof value !== 'object' || value === null) return value
  if (depth >= DEPTH_MAX) return '…'
  if (Array.isArray(value)) {
    const kept = value.slice(0, ROWS_MAX).map((part) => withoutSecrets(part, depth + 1))
    return value.length > ROWS_MAX ? [...kept, `… ${value.length}`] : kept
  }
  const fields = Object.entries(value)
  const kept = fields
    .slice(0, FIELDS_MAX)
    .map(([name, part]) => [whole(name), isSecret(name) && isSaid(part) ? SECRET_MARK : withoutSecrets(part, depth + 1)])
  return Object.fromEntries(fields.length > FIELDS_MAX ? [...kept, ['…', fields.length]] : kept)
}

/** Whether a field of this name is never kept: `password`, `newPassword`, `api-key`, `totp_code`, `clientSecret`. */
export const isSecret = (name: string): boolean => {
  const words = name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
  if (words.length === 2 && (words[1] === 'key' || words[1] === 'code') && PUBLIC_WORDS.has(words[0] ?? '')) return false
  return words.some((word) => SECRET_WORDS.has(word) || PERSON_WORDS.has(word))
}

const isSaid = (value: unknown): boolean => value !== null && value !== undefined && value !== ''

const SECRET_WORDS: ReadonlySet<string> = new Set([
  ...['password', 'passwd', 'passphrase', 'passcode', 'pass', 'token', 'tokens', 'pin', 'pins', 'secret', 'secrets'],
  ...[
    'code',
    'codes',
    'key',
    'keys',
    'apikey',
    'verifier',
    'verifiers',
    'otp',
    'totp',
    'otpauth',
    'seed',
    'salt',
    'credential',
    'credentials',
  ],
  ...['authorization', 'cookie', 'cookies', 'session', 'signature', 'nonce', 'recovery', 'challenge', 'assertion', 'jwt', 'bearer', 'qr'],
])
/** Whom to call stands in one file, where it can be erased, and is not copied here. */
const PERSON_WORDS: ReadonlySet<string> = new Set(['contact', 'contacts', 'words'])
/** Keys and codes that are there to be known. */
const PUBLIC_WORDS: ReadonlySet<string> = new Set(['public', 'signing', 'credit'])

/** A form's longest text worth comparing is a reason of 500 letters. */
const TEXT_LENGTH_MAX = 500
const ROWS_MAX = 50
const FIELDS_MAX = 100
const DEPTH_MAX = 8

/** Half a character has no form in JSON that a digest could be taken of. */
const whole = (text: string): string => text.toWellFormed()
