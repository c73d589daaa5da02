/** What keeps a password from being one: too short, or too easily guessed; `null`: nothing does. Length is what counts [OWASP ASVS 5, 6.2; NIST SP 800-63B]. */
export const passwordFault = (password: string, login: string): 'short' | 'common' | null => {
  const plain = password.normalize('NFKC')
  if ([...plain].length < PASSWORD_LETTERS_MIN) return 'short'
  const lower = plain.toLowerCase()
  const isCommon = COMMON.some((word) => lower.replaceAll(word, '').length < COMMON_REST_MIN) || new Set(lower).size < LETTERS_APART_MIN
  return isCommon || (login.length > 2 && lower.includes(login.toLowerCase())) ? 'common' : null
}

/** At least ten characters; beyond two hundred nobody types, and deriving would cost. */
export const PASSWORD_LETTERS_MIN = 10

/** What is left of a password without a common word must still be something. */
const COMMON_REST_MIN = 5
const LETTERS_APART_MIN = 5
const COMMON: readonly string[] = [
  ...['password', 'passw0rd', 'p@ssw0rd', 'qwertyuiop', 'qwerty', 'asdfghjkl', 'zxcvbnm', '1234567890', '123456789', '12345678', '123456'],
  ...['0987654321', '987654321', '1q2w3e4r5t', '1qaz2wsx', 'abc123', 'iloveyou', 'woaini', '5201314', 'admin', 'administrator', 'root'],
  ...[
    'lotkeeper',
    'hospital',
    'yiyuan',
    'welcome',
    'letmein',
    'monkey',
    'dragon',
    'football',
    'changeme',
    '88888888',
    '66666666',
    'a123456',
  ],
]
