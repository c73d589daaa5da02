import { Secret, TOTP } from 'otpauth'

/** A new secret of an authenticator app, base32, and the address its QR code holds [RFC 6238; Key URI format]. */
export const newTotp = (login: string): { readonly secret: string; readonly uri: string } => {
  const totp = new TOTP({ issuer: ISSUER, label: login, secret: new Secret({ size: SECRET_BYTES }) })
  return { secret: totp.secret.base32, uri: totp.toString() }
}

/** The time step a code is right for, one step early or late allowed; `null` when it is wrong, or was taken before. */
export const totpStep = (secret: string, code: string, nowMs: number, lastStep: number): number | null => {
  const totp = new TOTP({ secret: Secret.fromBase32(secret) })
  const delta = totp.validate({ token: code.replaceAll(' ', ''), timestamp: nowMs, window: 1 })
  if (delta === null) return null
  const step = Math.floor(nowMs / 1000 / PERIOD_S) + delta
  return step > lastStep ? step : null
}

const ISSUER = 'Lotkeeper'
const PERIOD_S = 30
/** 160 bits, as the standard asks [RFC 4226 4, R6]. */
const SECRET_BYTES = 20
