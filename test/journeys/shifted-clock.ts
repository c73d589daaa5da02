/**
 * A machine whose clock is wrong: `node --import .../shifted-clock.ts?ms=86400000` shifts what the process takes for now, before anything else
 * is loaded. Only for processes a journey starts.
 */
const shiftMs = Number(new URL(import.meta.url).searchParams.get('ms'))
const trueNow = Date.now.bind(Date)

globalThis.Date = new Proxy(Date, {
  get: (target, name, receiver) => (name === 'now' ? () => trueNow() + shiftMs : Reflect.get(target, name, receiver)),
  construct: (target, given, made) => Reflect.construct(target, given.length === 0 ? [trueNow() + shiftMs] : given, made),
  apply: (target) => Reflect.construct(target, [trueNow() + shiftMs]).toString(),
})
