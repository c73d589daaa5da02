import 'reflect-metadata'
import { generateKeyPairSync, webcrypto } from 'node:crypto'
import { Pkcs10CertificateRequestGenerator, SubjectAlternativeNameExtension } from '@peculiar/x509'

/** The one door of the X.509 library: asks the county's authority to certify a key that never leaves this machine. */
export const makeRequest = async (
  privateKey: string,
  subject: { readonly commonName: string; readonly names: readonly AlternativeName[] },
): Promise<string> => {
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [subject.commonName] }],
    keys: await keyPairOf(privateKey),
    signingAlgorithm: ECDSA,
    extensions: subject.names.length > 0 ? [new SubjectAlternativeNameExtension(subject.names.map((name) => ({ ...name })))] : [],
  })
  return request.toString('pem')
}

export interface AlternativeName {
  readonly type: 'dns' | 'ip'
  readonly value: string
}

/** A new P-256 private key, PKCS#8 PEM. */
export const makeTlsKey = (): string =>
  generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString()

const ECDSA = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const

/** The library's own name for a pair; it differs from Node's where a browser's types are about. */
type KeyPair = Parameters<typeof Pkcs10CertificateRequestGenerator.create>[0]['keys']

const keyPairOf = async (pem: string): Promise<KeyPair> => {
  const der = Buffer.from(pem.replace(/-----[^-]+-----|\s/g, ''), 'base64')
  const privateKey = await webcrypto.subtle.importKey('pkcs8', der, ECDSA, true, ['sign'])
  const { d: _secret, key_ops: _uses, ...jwk } = await webcrypto.subtle.exportKey('jwk', privateKey)
  const publicKey = await webcrypto.subtle.importKey('jwk', jwk, ECDSA, true, ['verify'])
  return { privateKey, publicKey } as unknown as KeyPair
}
