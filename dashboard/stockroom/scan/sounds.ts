/** Two sounds a keeper knows with closed eyes: taken, and not understood. */
export interface Sounds {
  readonly ok: () => void
  readonly unknown: () => void
}

/** Opens the sounds. A browser lets a page sound only after a touch, so the first one may be silent. */
export const openSounds = (mayHear: () => boolean): Sounds => {
  let context: AudioContext | null = null
  const tone = (pitchHz: number, fromS: number, lastsS: number): void => {
    if (!context) return
    const wave = context.createOscillator()
    const level = context.createGain()
    wave.frequency.value = pitchHz
    level.gain.setValueAtTime(0.0001, context.currentTime + fromS)
    level.gain.exponentialRampToValueAtTime(0.25, context.currentTime + fromS + 0.01)
    level.gain.exponentialRampToValueAtTime(0.0001, context.currentTime + fromS + lastsS)
    wave.connect(level).connect(context.destination)
    wave.start(context.currentTime + fromS)
    wave.stop(context.currentTime + fromS + lastsS)
  }
  const play = (tones: () => void): void => {
    if (!mayHear() || !navigator.userActivation?.hasBeenActive) return
    try {
      context ??= new AudioContext()
      void context.resume().catch(() => undefined)
      tones()
    } catch {
      // A machine without sound keeps working: every sound also stands there as a sign and a word.
    }
  }
  return {
    ok: () => play(() => tone(1_046, 0, 0.12)),
    unknown: () =>
      play(() => {
        tone(233, 0, 0.16)
        tone(196, 0.2, 0.28)
      }),
  }
}
