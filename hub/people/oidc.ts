import { type Refusal, refuse } from '@lotkeeper/protocol/refusals.ts'
import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  ClientSecretPost,
  type Configuration,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  None,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'

/** The county's identity provider, as the settings name it. */
export interface OidcSettings {
  readonly issuer: string
  readonly clientId: string
  /** `null`: a public client, held by PKCE alone. */
  readonly clientSecret: string | null
  /** What the button says. */
  readonly name: string
  /** The claim that is a user's `sso` name. */
  readonly claim: string
  /** Where browsers reach the hub: the provider sends them back there. */
  readonly base: string
}

/** Signing in by the county's identity provider [OpenID Connect Core 3.1; RFC 7636; RFC 9700]. */
export interface Oidc {
  readonly name: string
  /** Where to send a browser, and the state it must bring back. */
  readonly start: () => Promise<{ readonly url: string; readonly state: string } | Refusal>
  /** Whom the provider vouches for. `url` is the address it sent the browser to, `state` what the browser was given. */
  readonly finish: (url: string, state: string | null) => Promise<{ readonly name: string; readonly subject: string } | Refusal>
}

/** The path the provider sends browsers back to. */
export const OIDC_CALLBACK = '/api/oidc/callback'
export const OIDC_START = '/api/oidc/start'

export interface OidcParts {
  readonly now: () => number
  readonly note: (error: unknown) => void
}

export const openOidc = (settings: OidcSettings, { now, note }: OidcParts): Oidc => {
  const begun = new Map<string, { readonly verifier: string; readonly nonce: string; readonly untilMs: number }>()
  let known: Promise<Configuration> | null = null
  // Asked when first needed, and again after a failure: the provider may start later than the hub.
  const provider = (): Promise<Configuration> => {
    known ??= found(settings).catch((error: unknown) => {
      known = null
      throw error
    })
    return known
  }
  const callback = new URL(OIDC_CALLBACK, settings.base)
  return {
    name: settings.name,
    start: async () => {
      try {
        for (const [state, { untilMs }] of begun) if (untilMs < now() || begun.size >= BEGUN_MAX) begun.delete(state)
        const [verifier, nonce, state] = [randomPKCECodeVerifier(), randomNonce(), randomState()]
        begun.set(state, { verifier, nonce, untilMs: now() + BEGUN_MS })
        const url = buildAuthorizationUrl(await provider(), {
          redirect_uri: callback.href,
          scope: 'openid profile',
          code_challenge: await calculatePKCECodeChallenge(verifier),
          code_challenge_method: 'S256',
          nonce,
          state,
        })
        return { url: url.href, state }
      } catch (error) {
        note(error)
        return refuse('access.oidc-failed')
      }
    },
    finish: async (url, state) => {
      const one = state === null ? undefined : begun.get(state)
      if (state === null || !one || one.untilMs < now()) return refuse('access.oidc-failed')
      begun.delete(state)
      try {
        const current = new URL(url, settings.base)
        const checks = { pkceCodeVerifier: one.verifier, expectedNonce: one.nonce, expectedState: state, idTokenExpected: true }
        const tokens = await authorizationCodeGrant(await provider(), current, checks)
        const claims = tokens.claims()
        const name = claims?.[settings.claim]
        if (!claims || typeof name !== 'string' || name === '') return refuse('access.oidc-failed')
        return { name, subject: `${settings.issuer} ${claims.sub}` }
      } catch (error) {
        note(error)
        return refuse('access.oidc-failed')
      }
    },
  }
}

/** Plain HTTP is spoken with a provider on this machine only. */
const found = ({ issuer, clientId, clientSecret }: OidcSettings): Promise<Configuration> => {
  const server = new URL(issuer)
  const isHere = server.protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(server.hostname)
  // Who it is stands in the ID token: its signature is checked too, not only the line it came by [OpenID Connect Core 3.1.3.7, 6].
  const execute = [enableNonRepudiationChecks, ...(isHere ? [allowInsecureRequests] : [])]
  const options = { timeout: PROVIDER_S, execute }
  return discovery(server, clientId, undefined, clientSecret === null ? None() : ClientSecretPost(clientSecret), options)
}

/** Long enough to type a password and a code at the provider. */
const BEGUN_MS = 600_000
const BEGUN_MAX = 1_000
const PROVIDER_S = 10
