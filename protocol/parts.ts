/** What the outside world lends to the pure protocol: hashing, signatures, UTF-8. Houses supply real ones; tests supply the same. */
export interface Parts {
  /** SHA-256 over the concatenation of the chunks; 32 bytes. */
  readonly sha256: (...chunks: readonly Uint8Array[]) => Uint8Array
  /** Ed25519 verification [RFC 8032]; `publicKey` is the raw 32-byte key. Never throws: a malformed key or signature is `false`. */
  readonly verify: (publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array) => boolean
  /** UTF-8 bytes of a text. */
  readonly utf8: (text: string) => Uint8Array
  /** Text of UTF-8 bytes; malformed input yields U+FFFD. */
  readonly text: (bytes: Uint8Array) => string
}

/** One private signing key, held outside the protocol; `key` names the public half as it stands in a certificate. */
export interface Signer {
  readonly key: string
  /** Ed25519 signature, 64 bytes. */
  readonly sign: (message: Uint8Array) => Uint8Array
}
